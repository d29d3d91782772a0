"""Commands that are decorated methods."""

from __future__ import annotations

import errno
import functools
import inspect
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

from ceph_argparse import ArgumentError, CephArgtype

from .results import ERROR_MSG_EMPTY_INPUT_FILE, ERROR_MSG_NO_INPUT_FILE, HandleCommandResult, HandlerFuncType

_NOT_ARGUMENTS = ("_", "self", "mgr", "inbuf", "return", "_end_positional_")


class _Parameter:
    """One argument of a command."""

    def __init__(self, name: str, annotation: Any, has_default: bool, owner: str) -> None:
        self.name = name
        self.annotation = annotation
        self.has_default = has_default
        self._owner = owner

    def describe(self, positional: bool) -> str:
        try:
            return CephArgtype.to_argdesc(self.annotation, {"name": self.name}, self.has_default, positional)
        except ValueError as error:
            raise TypeError(f"{self._owner}: parameter '{self.name}': {error}") from None

    @property
    def is_flag(self) -> bool:
        return self.name == "format" or self.annotation in (bool, Optional[bool])

    @property
    def is_required(self) -> bool:
        return ",req=false" not in self.describe(True)


class CLICommand:
    """Makes a method answer a command. The annotations of the method are the arguments; its docstring is the help.

    >>> @CLICommand("hello greet", perm="r")
    ... def greet(self, who: str, loud: bool = False) -> HandleCommandResult: ...
    """

    COMMANDS: Dict[str, CLICommand] = {}

    def __init__(self, prefix: str, perm: str = "rw", poll: bool = False) -> None:
        self.prefix = prefix
        self.perm = perm
        self.poll = poll
        self.desc = ""
        self.func: Optional[HandlerFuncType] = None
        self._parameters: Optional[List[_Parameter]] = None

    def __call__(self, func: HandlerFuncType) -> HandlerFuncType:
        inner = inspect.unwrap(func)
        where = _where(inner)
        known = self.COMMANDS.get(self.prefix)
        if known is not None and known.func is not None and _where(inspect.unwrap(known.func)) != where:
            raise ValueError(
                f"{where}: the command '{self.prefix}' is declared twice; first at {_where(inspect.unwrap(known.func))}"
            )
        self.func = func
        self.desc = " ".join((inspect.getdoc(inner) or "").split())
        for name, parameter in inspect.signature(inner).parameters.items():
            if (
                name not in _NOT_ARGUMENTS
                and not _is_self(parameter, inner)
                and parameter.annotation is parameter.empty
            ):
                raise TypeError(
                    f"{where}: parameter '{name}' has no type annotation, which the command '{self.prefix}' needs"
                )
        if not any(isinstance(annotation, str) for annotation in inner.__annotations__.values()):
            self.describe()
        self.COMMANDS[self.prefix] = self
        return func

    @property
    def parameters(self) -> List[_Parameter]:
        """The arguments in their order. Annotations that are text are evaluated when they are first needed, because they may
        name something further down in the file."""
        if self._parameters is None:
            assert self.func is not None
            self._parameters = _parameters(self.func)
        return self._parameters

    def describe(self) -> str:
        """The descriptor: the literal words and the arguments."""
        assert self.func is not None
        words = [self.prefix]
        positional = True
        declared = inspect.signature(inspect.unwrap(self.func)).parameters
        names = list(declared)
        end = names.index("_end_positional_") if "_end_positional_" in names else len(names)
        for parameter in self.parameters:
            by_name = parameter.name in names and (
                names.index(parameter.name) > end or declared[parameter.name].kind is inspect.Parameter.KEYWORD_ONLY
            )
            positional = positional and not parameter.is_flag and not by_name
            words.append(parameter.describe(positional))
        return " ".join(words)

    def call(self, mgr: Any, cmd_dict: Dict[str, Any], inbuf: Optional[Union[str, bytes]] = None) -> Any:
        """Runs the command for one request."""
        assert self.func is not None
        kwargs: Dict[str, Any] = {}
        for parameter in self.parameters:
            value = cmd_dict.get(parameter.name)
            if value is None:
                if parameter.is_required:
                    return _invalid(f"missing required argument '{parameter.name}' of '{self.prefix}'")
                if not parameter.has_default:
                    kwargs[parameter.name] = None
                continue
            try:
                kwargs[parameter.name] = CephArgtype.cast_to(parameter.annotation, value)
            except (ArgumentError, ValueError, TypeError) as error:
                return _invalid(f"argument '{parameter.name}' of '{self.prefix}': {error}")
        takes_input = inspect.signature(inspect.unwrap(self.func)).parameters.get("inbuf")
        if inbuf is not None:
            if takes_input is None:
                return _invalid("Invalid command: Input file data (-i) not supported")
            kwargs["inbuf"] = inbuf
        elif takes_input is not None and takes_input.default is takes_input.empty and not self._checks_input():
            return _invalid(f"{ERROR_MSG_NO_INPUT_FILE}: '{self.prefix}' needs one, given with \"-i\"")
        return self.func(mgr, **kwargs)

    def _checks_input(self) -> bool:
        """Whether a decorator handles missing input data."""
        return getattr(self.func, "checks_input", False)

    def dump_cmd(self) -> Dict[str, Union[str, bool]]:
        """The command as an entry of COMMANDS."""
        return {"cmd": self.describe(), "desc": self.desc, "perm": self.perm, "poll": self.poll}

    @classmethod
    def dump_cmd_list(cls) -> List[Dict[str, Union[str, bool]]]:
        """All commands that were declared."""
        return [command.dump_cmd() for command in cls.COMMANDS.values()]


def CLIReadCommand(prefix: str, poll: bool = False) -> CLICommand:
    """A command that only reads."""
    return CLICommand(prefix, "r", poll)


def CLIWriteCommand(prefix: str, poll: bool = False) -> CLICommand:
    """A command that only writes."""
    return CLICommand(prefix, "w", poll)


def CLICheckNonemptyFileInput(desc: str) -> Callable[[HandlerFuncType], HandlerFuncType]:
    """Refuses a command without input data (`-i FILE`). `desc` describes what the file should contain."""

    def decorate(func: HandlerFuncType) -> HandlerFuncType:
        @functools.wraps(func)
        def check(*args: Any, **kwargs: Any) -> Tuple[int, str, str]:
            text = kwargs.get("inbuf")
            if text is None:
                return _invalid(
                    f'{ERROR_MSG_NO_INPUT_FILE}: Please specify the file containing {desc} with "-i" option'
                )
            text = text.rstrip("\n" if isinstance(text, str) else b"\n")
            if not text:
                return _invalid(f"{ERROR_MSG_EMPTY_INPUT_FILE}: Please add {desc} to the file")
            return func(*args, **{**kwargs, "inbuf": text})

        vars(check)["checks_input"] = True
        return check

    return decorate


def _invalid(text: str) -> HandleCommandResult:
    return HandleCommandResult(-errno.EINVAL, "", text)


def _where(func: Callable[..., Any]) -> str:
    code = func.__code__
    return f"{code.co_filename}:{code.co_firstlineno}: {func.__qualname__}"


def _is_self(parameter: inspect.Parameter, func: Callable[..., Any]) -> bool:
    return parameter is next(iter(inspect.signature(func).parameters.values())) and "." in func.__qualname__


def _parameters(func: Callable[..., Any]) -> List[_Parameter]:
    inner = inspect.unwrap(func)
    where = _where(inner)
    found = []
    for name, parameter in inspect.signature(inner).parameters.items():
        if name in _NOT_ARGUMENTS or _is_self(parameter, inner):
            continue
        annotation = _resolve(parameter.annotation, inner, f"{where}: parameter '{name}'")
        found.append(_Parameter(name, annotation, parameter.default is not parameter.empty, where))
    declared = {parameter.name for parameter in found}
    extra: Dict[str, Any] = getattr(func, "extra_args", {})
    found.extend(_Parameter(name, tp, True, where) for name, tp in extra.items() if name not in declared)
    return found


def _resolve(annotation: Any, func: Callable[..., Any], where: str) -> Any:
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, func.__globals__)
    except Exception as error:
        raise TypeError(f"{where}: the annotation {annotation!r} cannot be evaluated: {error}") from None
