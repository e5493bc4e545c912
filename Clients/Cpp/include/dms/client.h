// A connection to a DMS server.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include <grpcpp/grpcpp.h>

#include <dms/admin/v1/admin_service.grpc.pb.h>
#include <dms/inventory/v1/inventory_service.grpc.pb.h>
#include <dms/order/v1/order_service.grpc.pb.h>

#include "dms/address.h"
#include "dms/error.h"
#include "dms/request_id.h"
#include "dms/retry.h"
#include "dms/watch.h"

namespace dms {

// How a client connects and how patient it is.
struct Options {
  // Travels with every call, never in plain text to another machine.
  std::string api_key;
  // PEM certificates that an https server is trusted by; those that gRPC finds when empty.
  std::string root_certificates;
  // The name that the server's certificate must carry, when it is not the host's.
  std::string server_name;
  // Sends the key in plain text even to another machine. For closed networks only.
  bool plain_text_credentials_allowed = false;
  // How long a call may take, its retries included.
  Milliseconds timeout{30'000};
  RetrySettings retries;
};

namespace detail {

// Takes no part in the deduction of a template's arguments.
template <typename Type>
struct SameType {
  using type = Type;
};
template <typename Type>
using Same = typename SameType<Type>::type;

}  // namespace detail

using OrderWatch = Watch<order::v1::WatchOrdersResponse>;
using InventoryWatch = Watch<inventory::v1::WatchInventoryResponse>;

// A client of a server. Connects with the first call, and again after breaks; make one and keep it. Safe to use from
// many threads.
class Client {
 public:
  // Throws ConfigurationError.
  explicit Client(const std::string& server, Options options = {});

  order::v1::OrderService::Stub& orders() { return *orders_; }
  inventory::v1::InventoryService::Stub& inventory() { return *inventory_; }
  admin::v1::AdminService::Stub& admin() { return *admin_; }

  // Makes a call, such as `client.call(client.orders(), &OrderService::Stub::PlaceOrder, request)`, and repeats it after
  // failures that pass. A request that writes and has no request id gets one, which stays over all tries. Throws Error.
  template <typename Stub, typename Request, typename Response>
  Response call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                detail::Same<Request> request);

  // Watches orders after a store revision (0: from the oldest change that is kept), of one dealer if so asked.
  OrderWatch watch_orders(std::int64_t after, const std::string& dealer_id = "");
  // Watches balances in the same way.
  InventoryWatch watch_inventory(std::int64_t after, const std::string& dealer_id = "");

  // Adds the credential to a call that is made by hand.
  void prepare(grpc::ClientContext& context) const;
  // The patience of a stream.
  Reconnection reconnection() const { return Reconnection(options_.retries, options_.timeout); }

 private:
  Options options_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<order::v1::OrderService::Stub> orders_;
  std::unique_ptr<inventory::v1::InventoryService::Stub> inventory_;
  std::unique_ptr<admin::v1::AdminService::Stub> admin_;
  std::unique_ptr<RetryAllowance> allowance_;
};

namespace detail {

template <typename Request, typename = void>
struct HasRequestID : std::false_type {};
template <typename Request>
struct HasRequestID<Request, std::void_t<decltype(std::declval<Request&>().mutable_request_id())>> : std::true_type {};

}  // namespace detail

template <typename Stub, typename Request, typename Response>
Response Client::call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      detail::Same<Request> request) {
  std::string request_id;
  if constexpr (detail::HasRequestID<Request>::value) {
    if (request.request_id().empty()) request.set_request_id(new_request_id());
    request_id = request.request_id();
  }
  const auto deadline = std::chrono::system_clock::now() + options_.timeout;
  Backoff backoff(options_.retries);
  for (int attempt = 1;; attempt++) {
    grpc::ClientContext context;
    prepare(context);
    context.set_deadline(deadline);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (status.ok()) return response;
    const Error error(status, request_id);
    if (!error.is_transient() || attempt >= options_.retries.attempts_max) throw error;
    // What the server asks for is the least; the jitter stays on top of it.
    Milliseconds wait = backoff.wait() + error.retry_delay.value_or(Milliseconds(0));
    if (std::chrono::system_clock::now() + wait >= deadline) throw error;
    const auto turn = allowance_->take();
    if (!turn) throw error;
    wait = std::max(wait, *turn);
    if (std::chrono::system_clock::now() + wait >= deadline) throw error;
    std::this_thread::sleep_for(wait);
  }
}

}  // namespace dms
