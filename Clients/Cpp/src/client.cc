#include "dms/client.h"

namespace dms {

namespace {

void check_key(const std::string& key, const ServerAddress& address, bool plain_text_allowed) {
  for (const char byte : key) {
    if (byte < 0x21 || byte > 0x7E) {
      throw ConfigurationError("the API key holds blanks or unprintable characters: copy it again, without line ends");
    }
  }
  if (!address.secure && !address.is_local() && !plain_text_allowed) {
    throw ConfigurationError("the API key would travel in plain text to " + address.host +
                             ": use https, or allow plain text explicitly");
  }
}

}  // namespace

Client::Client(const std::string& server, Options options) : options_(std::move(options)) {
  const auto address = ServerAddress::parse(server);
  if (!options_.api_key.empty()) check_key(options_.api_key, address, options_.plain_text_credentials_allowed);
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix("dms-cpp");
  // Calls are repeated by `call`, where the reasons are known, and nowhere below.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 3'000);
  // A machine that is gone without a word is noticed, though never by more pings than servers allow.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetMaxReceiveMessageSize(64 * 1024 * 1024);
  // What is plain goes to the server itself: through a proxy, the key would leave this machine readable.
  if (!address.secure) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (address.secure && !options_.server_name.empty()) arguments.SetSslTargetNameOverride(options_.server_name);
  const auto credentials = address.secure ? grpc::SslCredentials({options_.root_certificates, "", ""})
                                          : grpc::InsecureChannelCredentials();
  channel_ = grpc::CreateCustomChannel(address.target, credentials, arguments);
  orders_ = order::v1::OrderService::NewStub(channel_);
  inventory_ = inventory::v1::InventoryService::NewStub(channel_);
  admin_ = admin::v1::AdminService::NewStub(channel_);
  allowance_ = std::make_unique<RetryAllowance>(options_.retries.retries_burst, options_.retries.retries_per_second);
}

void Client::prepare(grpc::ClientContext& context) const {
  if (!options_.api_key.empty()) context.AddMetadata("authorization", "Bearer " + options_.api_key);
}

OrderWatch Client::watch_orders(std::int64_t after, const std::string& dealer_id) {
  return OrderWatch(after, reconnection(), [this, dealer_id](grpc::ClientContext& context, std::int64_t revision) {
    prepare(context);
    order::v1::WatchOrdersRequest request;
    request.set_after_revision(revision);
    request.set_dealer_id(dealer_id);
    return orders_->WatchOrders(&context, request);
  });
}

InventoryWatch Client::watch_inventory(std::int64_t after, const std::string& dealer_id) {
  return InventoryWatch(after, reconnection(), [this, dealer_id](grpc::ClientContext& context, std::int64_t revision) {
    prepare(context);
    inventory::v1::WatchInventoryRequest request;
    request.set_after_revision(revision);
    request.set_dealer_id(dealer_id);
    return inventory_->WatchInventory(&context, request);
  });
}

}  // namespace dms
