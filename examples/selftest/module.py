"""A module for looking around: `mgrctl repl` opens a Python console in it, in which `mgr` is the module."""

import errno

from mgr_module import CLICommand, HandleCommandResult, MgrEvalMixin


class Module(MgrEvalMixin):
    EVAL_PREFIX = "mgr self-test eval"

    @CLICommand("mgr self-test module", perm="rw")
    def test_module(self, module: str) -> HandleCommandResult:
        """Have a module test itself"""
        try:
            self.remote(module, "self_test")
        except ImportError as error:
            return HandleCommandResult(-errno.ENOENT, stderr=str(error))
        except RuntimeError as error:
            return HandleCommandResult(-errno.EIO, stderr=f"the self-test of '{module}' failed: {error}")
        return HandleCommandResult(stdout="Self-test OK")
