// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Greetings",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "celerity", path: "../..")],
  targets: [
    .executableTarget(
      name: "Greetings",
      dependencies: [
        .product(name: "Celerity", package: "celerity"), .product(name: "CelerityApp", package: "celerity"),
      ])
  ]
)
