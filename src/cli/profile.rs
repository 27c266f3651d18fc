//! `profile` and its subcommands.

use super::shared::ConnectArgs;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `profile`.
#[derive(Debug, Args)]
pub struct ProfileArgs {
    #[command(subcommand)]
    pub command: ProfileCommand,
}

/// The subcommands of `profile`.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Add a profile: asks on a terminal, the secret unseen
    Add(AddArgs),
    /// List the profiles
    List,
    /// Show one profile and where each value comes from; never a secret
    Show {
        /// The profile; the default one if none is named
        name: Option<String>,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// Remove a profile
    Remove {
        /// The profile
        name: String,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Print the default profile, or set it
    Default {
        /// The profile to make the default
        name: Option<String>,
    },
    /// Say step by step what works: file, secret, name lookup, TLS, sign-in, both endpoints
    Test {
        /// The profiles; the default one if none is named
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        #[command(flatten)]
        connect: ConnectArgs,
    },
}

/// `profile add`. What is not given is asked for.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Name of the new profile
    pub name: String,
    /// APP ID of the deployment's API key
    #[arg(long, value_name = "ID")]
    pub app_id: Option<String>,
    /// Read the APP Secret from stdin
    #[arg(long, group = "secret")]
    pub secret_stdin: bool,
    /// Environment variable that holds the APP Secret at each run
    #[arg(long, value_name = "NAME", group = "secret")]
    pub app_secret_env: Option<String>,
    /// File that holds the APP Secret at each run
    #[arg(long, value_name = "FILE", group = "secret")]
    pub app_secret_file: Option<PathBuf>,
    /// Command that prints the APP Secret at each run
    ///
    /// All words up to the next option are its own.
    #[arg(long, value_name = "COMMAND", num_args = 1.., group = "secret")]
    pub app_secret_command: Vec<String>,
    /// Replace a profile of this name
    #[arg(long)]
    pub force: bool,
    /// Make it the default profile
    #[arg(long)]
    pub default: bool,
    #[command(flatten)]
    pub connect: ConnectArgs,
}
