import Foundation
import Simulation

@main
struct Main {
  static func main() {
    exit(Simulator.main(Array(CommandLine.arguments.dropFirst())))
  }
}
