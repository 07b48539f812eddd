import Commands
import Foundation

@main
struct Main {
  static func main() {
    exit(Shell.main(CommandLine.arguments, environment: ProcessInfo.processInfo.environment))
  }
}
