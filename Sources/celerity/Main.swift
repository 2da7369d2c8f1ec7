import CelerityApp
import Finance

@main
struct Main {
  static func main() async {
    await CelerityCommand.main(services: [FinanceService()])
  }
}
