public import CelerityCore
import CelerityJSON

extension PythonRepr {
  /// A failure as Python shows its exception: `ValueError('bad')`.
  public static func exception(_ failure: TaskFailure) -> String {
    let arguments = failure.arguments.map(value).joined(separator: ", ")
    let text = "\(failure.type)(\(arguments))"
    return text.unicodeScalars.count <= maximumLength
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumLength - 5))) + ", ..."
  }

  /// A text as Python shows it, in quotes.
  public static func string(_ text: String) -> String { value(.string(text)) }
}
