//! A module that runs shell scripts.

/// A Python module with the command `sh`. More methods can be added to its end.
pub const SHELL: &str = "
import subprocess
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule

class Module(MgrModule):
    @CLIReadCommand('sh')
    def sh(self, script: str) -> HandleCommandResult:
        'Run a script'
        done = subprocess.run(['sh', '-c', script], capture_output=True, text=True)
        return HandleCommandResult(done.returncode, done.stdout, done.stderr)
";
