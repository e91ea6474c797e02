import Catalogue
import Foundation
import HTTPTypes
import Testing

import AkinServer

/// Who may come in, and who may not.
@Suite struct LoginTests {
  private let library: ServedSongs
  private let accounts: Accounts

  init() throws {
    library = try ServedSongs()
    accounts = Accounts(library.catalogue)
  }

  private func field(_ name: String) -> HTTPField.Name { HTTPField.Name(name)! }

  @Test func passwordsAreSealedAndKeysAreNot() throws {
    try accounts.add("anna", password: "sésame")
    #expect(throws: AccountError.taken("anna")) { try accounts.add("anna", password: "x") }
    for name in ["", " a", "a\nb", String(repeating: "a", count: 65)] {
      #expect(throws: AccountError.badName(name)) { try accounts.add(name, password: "x") }
    }
    for password in ["", "a\nb"] {
      #expect(throws: AccountError.badPassword) { try accounts.add("b", password: password) }
    }
    #expect(try accounts.accepts("anna", password: "sésame") && !accounts.accepts("anna", password: "sesame"))
    #expect(try !accounts.accepts("nobody", password: ""))
    let key = PasswordSeal.path(library: library.catalogue.path)
    #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
    let stored = try library.catalogue.users()[0].password
    #expect(String(decoding: stored, as: UTF8.self).contains("sésame") == false)
    // What is sealed for one is of no use for another.
    let seal = try PasswordSeal(library: library.catalogue.path, make: false)
    #expect(throws: AccountError.unreadablePassword("bertha")) { try seal.password(stored, of: "bertha") }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    #expect(throws: AccountError.openKey(key)) { try PasswordSeal(library: library.catalogue.path, make: false) }
    let apiKey = try accounts.makeAPIKey(of: "anna")
    #expect(try accounts.user(apiKey: apiKey) == "anna" && accounts.user(apiKey: apiKey + "x") == nil)
    try accounts.revokeAPIKey(accounts.apiKeys()[0].id)
    #expect(try accounts.user(apiKey: apiKey) == nil)
  }

  @Test func withoutUsersOnlyThisMachineComesIn() async throws {
    let (site, origin, host) = (field("Sec-Fetch-Site"), field("Origin"), field("Host"))
    do {
      let client = library.client()
      #expect(try await client.ask("ping")["status"] as? String == "ok")
      #expect(try await client.response("/api/v1/status").status == .ok)
      // Another site's picture could change something by GET.
      for path in ["/rest/star?id=so-1", "//rest/star?id=so-1", "/rest//star?id=so-1", "///rest/star.view?id=so-1"] {
        #expect(try await client.response(path, headers: [site: "cross-site"]).status == .forbidden, "\(path)")
      }
      #expect(try await client.response("/rest/ping", headers: [origin: "http://evil.example"]).status == .forbidden)
      #expect(try await client.response("/rest/ping", headers: [host: "evil.example"]).status == .misdirectedRequest)
      #expect(
        try await client.response("/api/v1/status", headers: [host: "evil.example"]).status == .misdirectedRequest)
    }
    do {
      let client = library.client(.init(host: "0.0.0.0"))
      #expect(try await client.error("ping") == 10)
      #expect(try await client.error("ping?u=a&p=b") == 40)
      #expect(try await client.response("/api/v1/status").status == .unauthorized)
    }
  }

  @Test(arguments: ["", "/akin"])
  func withUsersThePageAsksForALogin(basePath: String) async throws {
    try accounts.add("anna", password: "sesame")
    let key = try accounts.makeAPIKey(of: "anna")
    let host = field("Host")
    do {
      let client = library.client(.init(basePath: basePath))
      for path in ["/api/v1/status", "//api/v1/status", "/api//v1/status", "/api/v1/openapi.json", "/rest", "/x"] {
        #expect(try await client.response(basePath + path).status == .unauthorized, "\(path)")
      }
      #expect(try await client.response("\(basePath)/").status == .seeOther)
      #expect(try await client.response("\(basePath)/login.html").status == .ok)
      #expect(try await client.response("\(basePath)/health").status == .ok)
      let bearer = HTTPFields([HTTPField(name: .authorization, value: "Bearer \(key)")])
      #expect(try await client.response("\(basePath)/api/v1/status", headers: bearer).status == .ok)
      func logIn(_ password: String, _ fields: HTTPFields = [:]) async throws -> HTTPResponse.Status {
        try await client.response(
          "\(basePath)/api/v1/session", .post, #"{"name": "anna", "password": "\#(password)"}"#, headers: fields
        ).status
      }
      #expect(try await logIn("wrong") == .unauthorized)
      #expect(try await logIn("sesame", [field("Sec-Fetch-Site"): "cross-site"]) == .forbidden)
      let answer = try await client.response(
        "\(basePath)/api/v1/session", .post, #"{"name": "anna", "password": "sesame"}"#)
      let cookie = try #require(answer.headers[.setCookie])
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
      let session = HTTPFields([HTTPField(name: .cookie, value: String(cookie.prefix { $0 != ";" }))])
      // A proxy's name is no danger any more.
      let proxied = session + [HTTPField(name: host, value: "music.example.org")]
      #expect(try await client.response("\(basePath)/api/v1/status", headers: proxied).status == .ok)
      #expect(
        try await client.response("\(basePath)/api/v1/session", .delete, headers: session).status == .noContent)
      #expect(try await client.response("\(basePath)/api/v1/status", headers: session).status == .unauthorized)
    }
  }

  @Test func anotherPasswordEndsSessionsAndBasicAuthenticationIsAProxys() async throws {
    try accounts.add("anna", password: "sesame")
    try accounts.add("bob", password: "bob")
    let client = library.client()
    func logIn(_ name: String, _ password: String) async throws -> RouterClient.Answer {
      try await client.response("/api/v1/session", .post, #"{"name": "\#(name)", "password": "\#(password)"}"#)
    }
    let cookie = try #require(try await logIn("anna", "sesame").headers[.setCookie])
    let session = HTTPFields([HTTPField(name: .cookie, value: String(cookie.prefix { $0 != ";" }))])
    // A proxy's own login comes along with every request; it is no failure, and keeps nobody out.
    let basic = HTTPFields([HTTPField(name: .authorization, value: "Basic YTpi")])
    for _ in 0..<12 { _ = try await client.response("/api/v1/status", headers: basic) }
    #expect(try await client.response("/api/v1/status", headers: session + basic).status == .ok)
    // That bob knows his password tells nothing of anna's.
    for _ in 0..<LoginAttempts.most {
      #expect(try await logIn("anna", "wrong").status == .unauthorized)
      #expect(try await logIn("bob", "bob").status == .noContent)
    }
    #expect(try await logIn("anna", "sesame").status == .tooManyRequests)
    try accounts.setPassword(of: "anna", to: "other")
    var status = HTTPResponse.Status.ok
    // A change by another process is known within a second.
    for _ in 0..<50 where status != .unauthorized {
      status = try await client.response("/api/v1/status", headers: session).status
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(status == .unauthorized)
  }

  @Test func playersLogInByTokenPasswordOrKey() async throws {
    try accounts.add("anna", password: "sesame")
    let key = try accounts.makeAPIKey(of: "anna")
    do {
      let client = library.client()
      // The example of the protocol's description.
      let token = "26719a1196d2a940705a59634eb18eab"
      for login in ["u=anna&t=\(token)&s=c19b2d", "u=anna&p=sesame", "u=anna&p=enc:736573616D65", "apiKey=\(key)"] {
        #expect(try await client.ask("ping?\(login)")["status"] as? String == "ok", "\(login)")
      }
      #expect(try await client.error("ping?u=anna&t=\(token)&s=c19b2e") == 40)
      #expect(try await client.error("ping?u=Anna&t=\(token)&s=c19b2d") == 40)
      #expect(try await client.error("ping?u=anna&p=enc:7") == 40)
      #expect(try await client.error("ping?u=anna") == 10)
      #expect(try await client.error("ping?u=anna&apiKey=\(key)") == 43)
      #expect(try await client.error("ping?apiKey=x") == 44)
      #expect(try await client.error("tokenInfo?u=anna&p=sesame") == 42)
      #expect(try await client.ask("getOpenSubsonicExtensions")["status"] as? String == "ok")
    }
  }

  @Test func manyFailuresCloseTheDoor() async throws {
    try accounts.add("anna", password: "sesame")
    do {
      let client = library.client()
      for _ in 0..<LoginAttempts.most { #expect(try await client.error("ping?u=anna&p=wrong") == 40) }
      #expect(try await client.error("ping?u=anna&p=sesame") == 40)
    }
    let attempts = LoginAttempts(delay: .zero)
    let (anna, others) = (
      LoginAttempts.Sender(address: "a", user: "anna"),
      [LoginAttempts.Sender(address: "a", user: "bob"), .init(address: "a"), .init(address: "b", user: "anna")]
    )
    for _ in 0..<LoginAttempts.most { try await attempts.fail(anna) }
    #expect(!attempts.mayTry(anna) && others.allSatisfy { attempts.mayTry($0) })
    #expect(attempts.mayTry(anna, now: .now + LoginAttempts.memory + .seconds(1)))
  }
}

extension HTTPFields {
  fileprivate static func + (one: HTTPFields, other: [HTTPField]) -> HTTPFields {
    var all = one
    all.append(contentsOf: other)
    return all
  }
}
