import CelerityApp
import CelerityJSON
import CelerityYAML
import Documents
import Finance
import Items
import Messages
import Recommendations

@main
struct Main {
  static func main() async {
    await CelerityCommand.main(services: [
      FinanceService(), ItemsService(), MessagesService(), RecommendationsService(),
      DocumentsService(yaml: { try RawJSON(yaml: $0) }),
    ])
  }
}
