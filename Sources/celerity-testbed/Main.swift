import CelerityApp
import Finance

/// `celerity` with the tasks of `Tests/Celery/wapp.py` besides: what the tests against real Celery start. Never shipped.
@main
struct Main {
  static func main() async {
    await CelerityCommand.main(services: [FinanceService(), WireApp()])
  }
}
