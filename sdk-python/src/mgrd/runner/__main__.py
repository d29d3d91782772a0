"""`python -m mgrd.runner FOLDER`, as `mgrd` starts it."""

import os
import sys

if __name__ == "__main__":
    # `-m` puts the current folder first, where a file called `secrets.py` would hide the library of that name.
    if sys.path[0] in ("", os.getcwd()):
        del sys.path[0]

    from importlib.util import find_spec

    from mgrd.runner._main import main

    # What multiprocessing imports in a helper process. A file called `__main__` it would not.
    __spec__ = find_spec("mgrd.runner._helper")
    main()
