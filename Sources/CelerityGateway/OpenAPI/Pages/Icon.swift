/// The mark of the pages: a fast arrow out of a queue.
enum Icon {
  static let svg = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b57d0"/>\
    <path d="M7 10h7M7 16h5M7 22h7" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/>\
    <path d="M16 9l8 7-8 7" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" \
    stroke-linejoin="round"/></svg>
    """
}
