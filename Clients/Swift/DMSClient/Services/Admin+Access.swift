public import DMSAPI
public import RPC

extension DMSClient.Admin {
  /// Says who the caller is and what it may do.
  ///
  /// Errors: none of its own.
  public func whoAmI(
    _ request: WhoAmIRequest = WhoAmIRequest(), options: CallOptions = CallOptions()
  ) async throws(DMSError) -> WhoAmIResponse {
    try await core.read(request, options, stub.whoAmI)
  }

  /// Makes or replaces a principal: a person or a machine that calls.
  ///
  /// Errors: FAILED_PRECONDITION `MISSING_REFERENCE` (dealer); ABORTED `ETAG_MISMATCH`;
  /// ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func upsertPrincipal(
    _ request: UpsertPrincipalRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> UpsertPrincipalResponse {
    try await core.write(request, options, stub.upsertPrincipal)
  }

  /// Returns one principal.
  ///
  /// Errors: NOT_FOUND.
  public func getPrincipal(
    _ request: GetPrincipalRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetPrincipalResponse {
    try await core.read(request, options, stub.getPrincipal)
  }

  /// Lists principals by id.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listPrincipals(
    _ request: ListPrincipalsRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListPrincipalsResponse {
    try await core.read(request, options, stub.listPrincipals)
  }

  /// Makes an API key. Its secret is in this answer and nowhere else; a repeat of the request
  /// returns the key without it. (When the answer is lost and the client repeats the call, the
  /// secret is lost with it: revoke that key and make another.)
  ///
  /// Errors: NOT_FOUND (principal); ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func createApiKey(
    _ request: CreateApiKeyRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> CreateApiKeyResponse {
    try await core.write(request, options, stub.createApiKey)
  }

  /// Lists API keys by id.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listApiKeys(
    _ request: ListApiKeysRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListApiKeysResponse {
    try await core.read(request, options, stub.listApiKeys)
  }

  /// Revokes an API key; calls that start after the commit are refused.
  ///
  /// Errors: NOT_FOUND; ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func revokeApiKey(
    _ request: RevokeApiKeyRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> RevokeApiKeyResponse {
    try await core.write(request, options, stub.revokeApiKey)
  }
}
