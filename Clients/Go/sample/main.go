// What every client can do, against a running server: places an order, streams stock, and breaks a watch off midway.
//
//	sample SERVER KEY_FILE DEALER SKU [--pause]
//
// It checks what it does and ends with 1 when something is not as it should be. With --pause it waits twice for a line on
// standard input, so that the connection can be cut meanwhile.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"dms/clients/go/dmsclient"
	adminv1 "dms/clients/go/gen/admin/v1"
	inventoryv1 "dms/clients/go/gen/inventory/v1"
	orderv1 "dms/clients/go/gen/order/v1"
)

const (
	orderCount = 10
	eventCount = 500
)

type sample struct {
	client      *dmsclient.Client
	dealer, sku string
	pauses      bool
	input       *bufio.Reader
}

func check(holds bool, sentence string, facts ...interface{}) error {
	if holds {
		return nil
	}
	return fmt.Errorf("not as it should be: "+sentence, facts...)
}

func (s *sample) pause(what string) {
	if s.pauses {
		fmt.Println("pause: " + what)
		_, _ = s.input.ReadString('\n')
	}
}

// place places the order of this number; the request id comes from its reference, so that a repeat orders nothing.
func (s *sample) place(number int64) (string, error) {
	reference := fmt.Sprintf("GO-%d", number)
	reply, err := s.client.Orders.PlaceOrder(context.Background(), &orderv1.PlaceOrderRequest{
		RequestId: dmsclient.DerivedRequestID(s.dealer + "/" + reference),
		Order: &orderv1.OrderDraft{
			DealerId: s.dealer, CustomerReference: reference,
			Lines: []*orderv1.OrderLineDraft{{Sku: s.sku, Quantity: number}},
		},
	})
	return reply.GetOrder().GetOrderId(), err
}

func (s *sample) placeOrders() error {
	first, err := s.place(1)
	if err != nil {
		return err
	}
	repeat, err := s.place(1)
	if err != nil {
		return err
	}
	if err := check(first == repeat, "a repeat with the same request id must not order again"); err != nil {
		return err
	}
	fmt.Printf("order %s placed; its repeat gave the same order\n", first)
	_, err = s.client.Orders.PlaceOrder(
		context.Background(), &orderv1.PlaceOrderRequest{Order: &orderv1.OrderDraft{DealerId: s.dealer}})
	var failure *dmsclient.Error
	if !errors.As(err, &failure) || failure.Reason != "INVALID_FIELD" || len(failure.Fields) == 0 {
		return fmt.Errorf("an order without lines must be refused: %v", err)
	}
	fmt.Printf("an order without lines is refused: %s\n", failure.Fields[0].Description)
	return nil
}

// events are a count of a thousand, then sales of one piece each.
func (s *sample) events(after int64, limit int) ([]*inventoryv1.InventoryEvent, error) {
	var events []*inventoryv1.InventoryEvent
	for number := after + 1; number <= eventCount && len(events) < limit; number++ {
		event := &inventoryv1.InventoryEvent{Sequence: number, EventTime: timestamppb.New(time.Now()), Sku: s.sku}
		if number == 1 {
			event.Change = &inventoryv1.InventoryEvent_Set{Set: &inventoryv1.SetEvent{Quantity: 1_000}}
		} else {
			event.Change = &inventoryv1.InventoryEvent_Movement{
				Movement: &inventoryv1.MovementEvent{Kind: inventoryv1.MovementKind_MOVEMENT_KIND_SALE, Quantity: -1}}
		}
		events = append(events, event)
	}
	return events, nil
}

func (s *sample) streamStock() error {
	paused := false
	options := dmsclient.UploadOptions{Source: "sample", BatchMax: 50, WindowMax: 100}
	options.OnAcknowledged = func(ack *inventoryv1.EventAck) error {
		if !paused && ack.GetLastSequence() >= eventCount/2 {
			paused = true
			s.pause("the stock stream is half way")
		}
		return nil
	}
	summary, err := s.client.UploadStock(context.Background(), s.dealer, s.events, options)
	if err != nil {
		return err
	}
	if err := check(summary.LastSequence == eventCount && summary.RejectedCount == 0, "%+v", summary); err != nil {
		return err
	}
	stock, err := s.client.Inventory.ListNetworkStock(context.Background(), &inventoryv1.ListNetworkStockRequest{
		DealerId: s.dealer, Sku: s.sku, Owner: inventoryv1.StockOwnerKind_STOCK_OWNER_KIND_DEALER})
	if err != nil {
		return err
	}
	counts := len(stock.GetLevels()) == 1 && stock.GetLevels()[0].GetOnHandQuantity() == 1_000-(eventCount-1)
	if err := check(counts, "every event must count once: %v", stock.GetLevels()); err != nil {
		return err
	}
	fmt.Printf("%d stock events are durable, the stream was opened again %d times; %d on hand\n",
		eventCount, summary.Resumptions, stock.GetLevels()[0].GetOnHandQuantity())
	again, err := s.client.UploadStock(context.Background(), s.dealer, s.events, options)
	if err != nil {
		return err
	}
	return check(again.AppliedCount == 0 && again.LastSequence == eventCount, "%+v", again)
}

func (s *sample) watchOrders() error {
	me, err := s.client.Admin.WhoAmI(context.Background(), &adminv1.WhoAmIRequest{})
	if err != nil {
		return err
	}
	var placed, seen []string
	place := func(from, to int64) error {
		for number := from; number < to; number++ {
			id, err := s.place(number)
			if err != nil {
				return err
			}
			placed = append(placed, id)
		}
		return nil
	}
	read := func(watch *dmsclient.Watch[*orderv1.WatchOrdersResponse], until int) error {
		for len(seen) < until {
			message, err := watch.Next()
			if err != nil {
				return err
			}
			if message.GetOrder() != nil {
				seen = append(seen, message.GetOrder().GetOrderId())
			}
		}
		return nil
	}
	if err := place(2, 8); err != nil {
		return err
	}
	first := s.client.WatchOrders(context.Background(), me.GetRevision(), s.dealer)
	err = read(first, 3)
	first.Close()
	if err != nil {
		return err
	}
	// The watch is gone, as when the program ends; a new one goes on after the revision that was stored.
	watch := s.client.WatchOrders(context.Background(), first.Revision, s.dealer)
	defer watch.Close()
	if err := read(watch, 5); err != nil {
		return err
	}
	s.pause("the watch is half way")
	if err := place(8, orderCount+2); err != nil {
		return err
	}
	if err := read(watch, orderCount); err != nil {
		return err
	}
	fmt.Printf("%d orders seen once each, over a new watch after revision %d and %d breaks\n",
		orderCount, first.Revision, watch.Resumptions)
	return check(reflect.DeepEqual(placed, seen), "saw %v, placed %v", seen, placed)
}

func run(arguments []string) error {
	key, err := os.ReadFile(arguments[1])
	if err != nil {
		return err
	}
	client, err := dmsclient.Connect(arguments[0], dmsclient.Options{APIKey: strings.TrimSpace(string(key))})
	if err != nil {
		return err
	}
	defer client.Close()
	s := sample{client: client, dealer: arguments[2], sku: arguments[3], input: bufio.NewReader(os.Stdin)}
	s.pauses = len(arguments) > 4 && arguments[4] == "--pause"
	for _, step := range []func() error{s.placeOrders, s.streamStock, s.watchOrders} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) < 5 {
		fmt.Fprintln(os.Stderr, "usage: sample SERVER KEY_FILE DEALER SKU [--pause]")
		os.Exit(2)
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("everything is as it should be")
}
