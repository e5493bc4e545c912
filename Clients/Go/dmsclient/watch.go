package dmsclient

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	inventoryv1 "dms/clients/go/gen/inventory/v1"
	orderv1 "dms/clients/go/gen/order/v1"
)

// WatchMessage is a message of a watch's stream.
type WatchMessage interface {
	// GetRevision is what to resume after once the message is handled.
	GetRevision() int64
}

// Watch goes on by itself. A message counts as handled when the next one is asked for; after a break the watch waits a
// little and goes on after the last handled revision, so that nothing is skipped. Store the message's revision with what
// you made of it, and start after it in the next run. One goroutine at a time.
type Watch[Message WatchMessage] struct {
	// Revision is that up to which everything has been delivered.
	Revision int64
	// Resumptions are the times that the stream was opened again.
	Resumptions int

	ctx          context.Context
	cancel       context.CancelFunc
	reconnection reconnection
	open         func(ctx context.Context, after int64) (func() (Message, error), error)
	receive      func() (Message, error)
}

// Next waits for the next message. It fails with *Error: OUT_OF_RANGE REVISION_COMPACTED when the server's log no longer
// reaches back that far (list everything, and watch after the revision of the first page), CANCELLED when the context
// has ended or the watch is closed, and every other error that does not pass.
func (watch *Watch[Message]) Next() (Message, error) {
	var none Message
	for {
		message, err := watch.once()
		if err == nil {
			if message.GetRevision() < watch.Revision {
				return none, NewError(status.Error(codes.Internal, fmt.Sprintf(
					"the watch went back from revision %d to %d", watch.Revision, message.GetRevision())), "")
			}
			watch.reconnection.answered()
			watch.Revision = message.GetRevision()
			return message, nil
		}
		watch.receive = nil
		// Servers end streams that have grown old (EOF); that is no fault of anybody.
		failure := NewError(err, "")
		wait, again := watch.reconnection.wait(failure)
		if !again {
			return none, failure
		}
		watch.Resumptions++
		if err := sleep(watch.ctx, wait); err != nil {
			return none, err
		}
	}
}

func (watch *Watch[Message]) once() (Message, error) {
	if watch.receive == nil {
		receive, err := watch.open(watch.ctx, watch.Revision)
		if err != nil {
			var none Message
			return none, err
		}
		watch.receive = receive
	}
	return watch.receive()
}

// Close ends the stream; whoever waits for a message gets CANCELLED.
func (watch *Watch[Message]) Close() { watch.cancel() }

// WatchOrders watches orders after a store revision (0: from the oldest change that is kept), of one dealer if so asked.
func (client *Client) WatchOrders(ctx context.Context, after int64, dealerID string) *Watch[*orderv1.WatchOrdersResponse] {
	open := func(ctx context.Context, after int64) (func() (*orderv1.WatchOrdersResponse, error), error) {
		stream, err := client.Orders.WatchOrders(
			ctx, &orderv1.WatchOrdersRequest{AfterRevision: after, DealerId: dealerID})
		if err != nil {
			return nil, err
		}
		return stream.Recv, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	return &Watch[*orderv1.WatchOrdersResponse]{
		Revision: after, ctx: ctx, cancel: cancel, reconnection: client.reconnection(), open: open}
}

// WatchInventory watches balances in the same way.
func (client *Client) WatchInventory(
	ctx context.Context, after int64, dealerID string,
) *Watch[*inventoryv1.WatchInventoryResponse] {
	open := func(ctx context.Context, after int64) (func() (*inventoryv1.WatchInventoryResponse, error), error) {
		stream, err := client.Inventory.WatchInventory(
			ctx, &inventoryv1.WatchInventoryRequest{AfterRevision: after, DealerId: dealerID})
		if err != nil {
			return nil, err
		}
		return stream.Recv, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	return &Watch[*inventoryv1.WatchInventoryResponse]{
		Revision: after, ctx: ctx, cancel: cancel, reconnection: client.reconnection(), open: open}
}
