package dmsclient

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	inventoryv1 "dms/clients/go/gen/inventory/v1"
)

const resyncsMax = 3

// EventSource gives the events after a sequence, at most limit, with consecutive sequences from after+1; none when there
// are no more. It is called again for the same place after a break.
type EventSource func(after int64, limit int) ([]*inventoryv1.InventoryEvent, error)

// UploadOptions say how an upload sends.
type UploadOptions struct {
	// Source names the reporting system; sequences count within it.
	Source string
	// Epoch goes up when the source starts its sequences anew; 1 when 0.
	Epoch int64
	// BatchMax is the events in a message, 1 to 1,000; 200 when 0.
	BatchMax int
	// WindowMax is the events that may be under way without an acknowledgement; 2,000 when 0.
	WindowMax int
	// OnAcknowledged is told what has become durable or was rejected; answers wait while it runs.
	OnAcknowledged func(*inventoryv1.EventAck) error
}

// UploadSummary is what an upload came to.
type UploadSummary struct {
	LastSequence, AppliedCount, DuplicateCount, RejectedCount int64
	// Resumptions are the times that the stream was opened again.
	Resumptions int
}

// UploadStock sends a dealer's events, exactly once in effect, until the source ends and everything is durable. It fails
// with *Error for what does not pass (ABORTED FENCED when a newer upload of the same source has taken over: this one must
// not start again by itself), and with what the source or OnAcknowledged returns.
func (client *Client) UploadStock(
	ctx context.Context, dealerID string, source EventSource, options UploadOptions,
) (UploadSummary, error) {
	if options.Epoch == 0 {
		options.Epoch = 1
	}
	if options.BatchMax < 1 || options.BatchMax > 1_000 {
		options.BatchMax = 200
	}
	if options.WindowMax < 1 {
		options.WindowMax = 2_000
	}
	upload := upload{client: client, source: source, options: options, reconnection: client.reconnection()}
	upload.open = &inventoryv1.StreamOpen{DealerId: dealerID, Source: options.Source, Epoch: options.Epoch}
	for {
		err := upload.exchange(ctx)
		upload.summary.LastSequence = upload.durable
		if err == nil {
			return upload.summary, nil
		}
		if own := (*ownError)(nil); errors.As(err, &own) {
			return upload.summary, own.cause
		}
		failure := NewError(err, "")
		wait, again := upload.reconnection.wait(failure)
		if !again {
			return upload.summary, failure
		}
		upload.summary.Resumptions++
		if err := sleep(ctx, wait); err != nil {
			return upload.summary, err
		}
	}
}

// ownError marks what the caller's code returned.
type ownError struct{ cause error }

func (own *ownError) Error() string { return own.cause.Error() }

type upload struct {
	client       *Client
	source       EventSource
	options      UploadOptions
	open         *inventoryv1.StreamOpen
	reconnection reconnection
	summary      UploadSummary
	// Sequences that are durable and sent; one goroutine sends and answers, another only receives.
	durable, sent int64
	resyncs       int
}

type received struct {
	response *inventoryv1.StreamInventoryResponse
	err      error
}

// exchange runs one stream to its end; nil when everything is durable.
func (upload *upload) exchange(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := upload.client.Inventory.StreamInventory(ctx)
	if err != nil {
		return err
	}
	answers := make(chan received)
	go func() {
		for {
			response, err := stream.Recv()
			select {
			case answers <- received{response, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	send := func(request *inventoryv1.StreamInventoryRequest) error {
		err := stream.Send(request)
		if errors.Is(err, io.EOF) {
			return nil // Why is for the receiving side to say: the call's status arrives there.
		}
		return err
	}
	if err := send(&inventoryv1.StreamInventoryRequest{
		Message: &inventoryv1.StreamInventoryRequest_Open{Open: upload.open}}); err != nil {
		return err
	}
	isOpen, sourceEnded, closed := false, false, false
	for {
		complete := isOpen && sourceEnded && upload.durable == upload.sent
		room := int64(upload.options.WindowMax) - (upload.sent - upload.durable)
		if isOpen && !sourceEnded && room > 0 {
			// Answers that are there come first; then a batch is sent.
			select {
			case answer := <-answers:
				if err := upload.handle(answer, &isOpen); err != nil {
					return err
				}
				continue
			default:
			}
			batch, err := upload.next(room)
			if err != nil {
				return err
			}
			if sourceEnded = len(batch) == 0; sourceEnded {
				continue
			}
			if err := send(&inventoryv1.StreamInventoryRequest{
				Message: &inventoryv1.StreamInventoryRequest_Batch{Batch: &inventoryv1.EventBatch{Events: batch}}}); err != nil {
				return err
			}
			continue
		}
		if complete && !closed {
			closed = true
			if err := stream.CloseSend(); err != nil {
				return err
			}
		}
		answer := <-answers
		if answer.err != nil && errors.Is(answer.err, io.EOF) && complete {
			return nil
		}
		if err := upload.handle(answer, &isOpen); err != nil {
			return err
		}
	}
}

func (upload *upload) next(room int64) ([]*inventoryv1.InventoryEvent, error) {
	limit := upload.options.BatchMax
	if room < int64(limit) {
		limit = int(room)
	}
	events, err := upload.source(upload.sent, limit)
	if err != nil {
		return nil, &ownError{err}
	}
	for _, event := range events {
		if event.GetSequence() != upload.sent+1 {
			return nil, &ownError{fmt.Errorf(
				"event %d was to come next, but the source gave %d", upload.sent+1, event.GetSequence())}
		}
		upload.sent++
	}
	return events, nil
}

func (upload *upload) handle(answer received, isOpen *bool) error {
	if answer.err != nil {
		return answer.err
	}
	switch message := answer.response.GetMessage().(type) {
	case *inventoryv1.StreamInventoryResponse_Opened:
		last := message.Opened.GetLastSequence()
		if *isOpen || last < 0 {
			return senseless("the stream was opened again or at %d", last)
		}
		*isOpen, upload.durable, upload.sent = true, last, last
		upload.reconnection.answered()
	case *inventoryv1.StreamInventoryResponse_Ack:
		return upload.acknowledged(message.Ack, *isOpen)
	case *inventoryv1.StreamInventoryResponse_ResyncRequired:
		if upload.resyncs++; upload.resyncs > resyncsMax {
			return senseless("it still asks for event %d", message.ResyncRequired.GetExpectedSequence())
		}
		return status.Error(codes.Unavailable, "the server asks for events again")
	}
	return nil
}

func (upload *upload) acknowledged(ack *inventoryv1.EventAck, isOpen bool) error {
	if !isOpen || ack.GetLastSequence() > upload.sent {
		return senseless("event %d was acknowledged, the last one sent is %d", ack.GetLastSequence(), upload.sent)
	}
	if ack.GetLastSequence() <= upload.durable {
		return nil
	}
	upload.durable, upload.resyncs = ack.GetLastSequence(), 0
	upload.reconnection.answered()
	upload.summary.AppliedCount += int64(ack.GetAppliedCount())
	upload.summary.DuplicateCount += int64(ack.GetDuplicateCount())
	upload.summary.RejectedCount += int64(len(ack.GetRejected()))
	if upload.options.OnAcknowledged != nil {
		if err := upload.options.OnAcknowledged(ack); err != nil {
			return &ownError{err}
		}
	}
	return nil
}

func senseless(format string, facts ...interface{}) error {
	return status.Error(codes.Internal, "the server's answers make no sense: "+fmt.Sprintf(format, facts...))
}
