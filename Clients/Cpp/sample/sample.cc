// What every client can do, against a running server: places an order, streams stock, and breaks a watch off midway.
//
//     sample SERVER KEY_FILE DEALER SKU [--pause]
//
// It checks what it does and ends with 1 when something is not as it should be. With --pause it waits twice for a line
// on standard input, so that the connection can be cut meanwhile.

#include <ctime>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "dms/client.h"
#include "dms/upload.h"

namespace admin = dms::admin::v1;
namespace inventory = dms::inventory::v1;
namespace order = dms::order::v1;

namespace {

constexpr int order_count = 10;
constexpr int event_count = 500;

struct Sample {
  dms::Client client;
  std::string dealer, sku;
  bool pauses;

  void run() {
    place_orders();
    stream_stock();
    watch_orders();
  }

  static void check(bool holds, const std::string& sentence) {
    if (!holds) throw std::runtime_error("not as it should be: " + sentence);
  }

  void pause(const std::string& what) const {
    if (!pauses) return;
    std::cout << "pause: " << what << std::endl;
    std::string line;
    std::getline(std::cin, line);
  }

  order::PlaceOrderRequest request(int number) const {
    order::PlaceOrderRequest request;
    request.set_request_id(dms::new_request_id());
    request.mutable_order()->set_dealer_id(dealer);
    request.mutable_order()->set_customer_reference("CPP-" + std::to_string(number));
    auto* line = request.mutable_order()->add_lines();
    line->set_sku(sku);
    line->set_quantity(number);
    return request;
  }

  std::string place(const order::PlaceOrderRequest& request) {
    return client.call(client.orders(), &order::OrderService::Stub::PlaceOrder, request).order().order_id();
  }

  void place_orders() {
    const auto first = request(1);
    const auto id = place(first);
    check(place(first) == id, "a repeat with the same request id must not order again");
    std::cout << "order " << id << " placed; its repeat gave the same order" << std::endl;
    order::PlaceOrderRequest empty;
    empty.mutable_order()->set_dealer_id(dealer);
    try {
      place(empty);
      check(false, "an order without lines must be refused");
    } catch (const dms::Error& error) {
      check(error.reason == "INVALID_FIELD" && !error.fields.empty(), error.what());
      std::cout << "an order without lines is refused: " << error.fields[0].description << std::endl;
    }
  }

  // A count of a thousand, then sales of one piece each.
  std::vector<inventory::InventoryEvent> events(std::int64_t after, int limit) const {
    std::vector<inventory::InventoryEvent> events;
    for (auto number = after + 1; number <= event_count && number <= after + limit; number++) {
      inventory::InventoryEvent event;
      event.set_sequence(number);
      event.mutable_event_time()->set_seconds(std::time(nullptr));
      event.set_sku(sku);
      if (number == 1) {
        event.mutable_set()->set_quantity(1'000);
      } else {
        event.mutable_movement()->set_kind(inventory::MOVEMENT_KIND_SALE);
        event.mutable_movement()->set_quantity(-1);
      }
      events.push_back(event);
    }
    return events;
  }

  void stream_stock() {
    const auto source = [this](std::int64_t after, int limit) { return events(after, limit); };
    bool paused = false;
    dms::UploadOptions options;
    options.source = "sample";
    options.batch_max = 50;
    options.window_max = 100;
    options.on_acknowledged = [&](const inventory::EventAck& ack) {
      if (paused || ack.last_sequence() < event_count / 2) return;
      paused = true;
      pause("the stock stream is half way");
    };
    const auto summary = dms::upload_stock(client, dealer, source, options);
    check(summary.last_sequence == event_count && summary.rejected_count == 0, "every event must be durable");
    inventory::ListNetworkStockRequest stock;
    stock.set_owner(inventory::STOCK_OWNER_KIND_DEALER);
    stock.set_dealer_id(dealer);
    stock.set_sku(sku);
    const auto levels = client.call(client.inventory(), &inventory::InventoryService::Stub::ListNetworkStock, stock);
    check(levels.levels_size() == 1 && levels.levels(0).on_hand_quantity() == 1'000 - (event_count - 1),
          "every event must count once");
    std::cout << event_count << " stock events are durable, the stream was opened again " << summary.resumptions
              << " times; " << levels.levels(0).on_hand_quantity() << " on hand" << std::endl;
    const auto again = dms::upload_stock(client, dealer, source, options);
    check(again.applied_count == 0 && again.last_sequence == event_count, "a second upload must send nothing");
  }

  void watch_orders() {
    const auto start = client.call(client.admin(), &admin::AdminService::Stub::WhoAmI, {}).revision();
    std::vector<std::string> placed, seen;
    for (int number = 2; number < 8; number++) placed.push_back(place(request(number)));
    const auto read = [&seen](dms::OrderWatch& watch, std::size_t until) {
      order::WatchOrdersResponse message;
      while (seen.size() < until && watch.next(&message)) {
        if (message.has_order()) seen.push_back(message.order().order_id());
      }
    };
    std::int64_t stored = start;
    {
      auto watch = client.watch_orders(start, dealer);
      read(watch, 3);
      stored = watch.revision();
    }
    // The watch is gone, as when the program ends; a new one goes on after the revision that was stored.
    auto watch = client.watch_orders(stored, dealer);
    read(watch, 5);
    pause("the watch is half way");
    for (int number = 8; number < order_count + 2; number++) placed.push_back(place(request(number)));
    read(watch, order_count);
    check(seen == placed, "every order must be seen once, in the order of commits");
    std::cout << order_count << " orders seen once each, over a new watch after revision " << stored << " and "
              << watch.resumptions() << " breaks" << std::endl;
  }
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) {
    std::cerr << "usage: sample SERVER KEY_FILE DEALER SKU [--pause]" << std::endl;
    return 2;
  }
  try {
    dms::Options options;
    std::ifstream(arguments[2]) >> options.api_key;
    Sample sample{dms::Client(arguments[1], options), arguments[3], arguments[4],
                  count > 5 && std::string(arguments[5]) == "--pause"};
    sample.run();
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
  std::cout << "everything is as it should be" << std::endl;
}
