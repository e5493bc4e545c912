internal import ArgumentParser
internal import Foundation

/// The `dms` program.
public enum CommandLineProgram {
  /// Runs the command that the arguments of the process name, and ends the process with its exit code.
  public static func run() async -> Never {
    exit(await run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs the command that `arguments` name; its exit code.
  static func run(_ arguments: [String]) async -> Int32 {
    do {
      var command = try RootCommand.parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return ExitStatus.success
    } catch {
      return report(error)
    }
  }

  private static func report(_ error: any Error) -> Int32 {
    let parsersVerdict = RootCommand.exitCode(for: error)
    if parsersVerdict.isSuccess {
      // Help, a completion script, the version.
      Terminal.output.line(RootCommand.fullMessage(for: error))
      return ExitStatus.success
    }
    if parsersVerdict == .validationFailure {
      Terminal.error.line(RootCommand.fullMessage(for: error))
      return ExitStatus.usage
    }
    let failure = FailureText.failure(of: error)
    for line in FailureText.lines(failure) { Terminal.error.line(line) }
    return failure.status
  }
}
