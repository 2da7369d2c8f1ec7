import CelerityCore
import CelerityJSON

/// An item as it is stored and shown, which is the same text.
struct Item: Sendable, Hashable {
  var id: ItemID
  var fields: ItemFields
  var created: Timestamp
  var updated: Timestamp

  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 256 + fields.metadata.bytes.count)
    writer.beginObject()
    writer.member("id", id.text)
    writer.member("name", fields.name)
    writer.member("description", orNull: fields.description)
    writer.member("metadata", fields.metadata)
    writer.member("created_at", created.rfc3339)
    writer.member("updated_at", updated.rfc3339)
    writer.endObject()
    return writer.finish()
  }

  /// Reads what `json` writes; `nil` for anything else.
  init?(_ json: RawJSON) {
    guard let id = json["id"]?.stringValue.flatMap(ItemID.init), let name = json["name"]?.stringValue,
      let metadata = json["metadata"], let created = json["created_at"]?.stringValue.flatMap(Timestamp.init),
      let updated = json["updated_at"]?.stringValue.flatMap(Timestamp.init)
    else { return nil }
    self.init(
      id: id, fields: ItemFields(name: name, description: json["description"]?.stringValue, metadata: metadata),
      created: created, updated: updated)
  }

  init(id: ItemID, fields: ItemFields, created: Timestamp, updated: Timestamp) {
    self.id = id
    self.fields = fields
    self.created = created
    self.updated = updated
  }
}

/// What a client says of an item.
struct ItemFields: Sendable, Hashable {
  var name: String
  var description: String?
  /// A JSON object.
  var metadata: RawJSON
}

/// What a client wants changed: what is `nil` stays.
struct ItemChange: Sendable, Hashable {
  var name: String?
  /// The inner `nil` takes the description away.
  var description: String??
  var metadata: RawJSON?

  func applied(to fields: ItemFields) -> ItemFields {
    ItemFields(
      name: name ?? fields.name, description: description ?? fields.description, metadata: metadata ?? fields.metadata)
  }
}
