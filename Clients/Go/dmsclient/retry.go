package dmsclient

import (
	"context"
	"math/rand"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// RetrySettings say how failed calls are repeated and broken streams are resumed. Only what is safe is repeated: reads,
// and writes under the request id of their first try; only after failures that pass.
type RetrySettings struct {
	// AttemptsMax is the tries of one call in all; 1 turns retries off. The call's deadline bounds them too.
	AttemptsMax int
	// BackoffFirst is the wait before the first retry; it doubles with each, up to BackoffMax, and each is drawn at random
	// from its upper half.
	BackoffFirst, BackoffMax time.Duration
	// RetriesBurst is the retries that the client may make at once, RetriesPerSecond how many more each second.
	RetriesBurst, RetriesPerSecond float64
	// OutageMax is how long a stream that was open may stay broken before it fails; for ever when 0.
	OutageMax time.Duration
}

// DefaultRetries let a call ride out a server's restart, and a stream resume for ever.
var DefaultRetries = RetrySettings{
	AttemptsMax: 12, BackoffFirst: 50 * time.Millisecond, BackoffMax: 3 * time.Second,
	RetriesBurst: 128, RetriesPerSecond: 32,
}

type waits struct {
	settings RetrySettings
	next     time.Duration
}

func (b *waits) wait() time.Duration {
	if b.next == 0 {
		b.next = b.settings.BackoffFirst
	}
	whole := b.next
	if b.next *= 2; b.next > b.settings.BackoffMax {
		b.next = b.settings.BackoffMax
	}
	return whole/2 + time.Duration(rand.Int63n(int64(whole/2)+1))
}

// allowance bounds the retries of all calls of a client: a bucket that fills up. When it is empty a retry waits its turn;
// when a full bucket's worth is waiting already it is refused.
type allowance struct {
	settings RetrySettings
	mutex    sync.Mutex
	level    float64
	filled   time.Time
}

func (a *allowance) take() (time.Duration, bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	now := time.Now()
	a.level += now.Sub(a.filled).Seconds() * a.settings.RetriesPerSecond
	if a.level > a.settings.RetriesBurst {
		a.level = a.settings.RetriesBurst
	}
	a.filled = now
	if a.level < 1 && !(a.settings.RetriesPerSecond > 0 && a.level-1 >= -a.settings.RetriesBurst) {
		return 0, false
	}
	if a.level--; a.level >= 0 {
		return 0, true
	}
	return time.Duration(-a.level / a.settings.RetriesPerSecond * float64(time.Second)), true
}

// reconnection decides whether a broken stream is opened again. One that has never answered is given up when the time of
// an ordinary call is over: the address may be wrong.
type reconnection struct {
	backoff        waits
	firstAnswerMax time.Duration
	hasAnswered    bool
	brokenSince    time.Time
}

func (r *reconnection) answered() {
	r.hasAnswered, r.brokenSince, r.backoff.next = true, time.Time{}, 0
}

func (r *reconnection) wait(failure *Error) (time.Duration, bool) {
	if !failure.IsTransient() {
		return 0, false
	}
	if r.brokenSince.IsZero() {
		r.brokenSince = time.Now()
	}
	wait, patience := r.backoff.wait()+failure.RetryDelay, r.firstAnswerMax
	if r.hasAnswered {
		patience = r.backoff.settings.OutageMax
	}
	return wait, patience == 0 || time.Since(r.brokenSince)+wait <= patience
}

// unary is an interceptor: it adds the deadline and the request id, repeats what may be repeated, and gives failures as
// *Error.
func (client *Client) unary(
	ctx context.Context, method string, request, reply interface{}, connection *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	if _, has := ctx.Deadline(); !has {
		limited, cancel := context.WithTimeout(ctx, client.options.Timeout)
		defer cancel()
		ctx = limited
	}
	request, requestID := identified(request)
	pauses := waits{settings: client.options.Retries}
	for attempt := 1; ; attempt++ {
		failure := NewError(invoke(ctx, method, request, reply, connection, options...), requestID)
		if failure == nil {
			return nil
		}
		if !failure.IsTransient() || attempt >= client.options.Retries.AttemptsMax {
			return failure
		}
		// What the server asks for is the least; the jitter stays on top of it.
		wait := pauses.wait() + failure.RetryDelay
		deadline, _ := ctx.Deadline()
		if time.Now().Add(wait).After(deadline) {
			return failure
		}
		turn, ok := client.allowance.take()
		if turn > wait {
			wait = turn
		}
		if !ok || time.Now().Add(wait).After(deadline) || sleep(ctx, wait) != nil {
			return failure
		}
	}
}

// identified gives the request under an id, if it is one that writes: its own when it has one, else a new one.
func identified(request interface{}) (interface{}, string) {
	message, ok := request.(proto.Message)
	if !ok {
		return request, ""
	}
	field := message.ProtoReflect().Descriptor().Fields().ByName("request_id")
	if field == nil {
		return request, ""
	}
	if id := message.ProtoReflect().Get(field).String(); id != "" {
		return request, id
	}
	id := NewRequestID()
	message = proto.Clone(message)
	message.ProtoReflect().Set(field, protoreflect.ValueOfString(id))
	return message, id
}
