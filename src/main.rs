//! The `emqstat` program: arguments in, an exit code out. The work is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    emqstat::command::main(std::env::args_os())
}
