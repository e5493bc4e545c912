import DMSDomain
import Testing

@Suite("Credit")
struct CreditTests {
  private func judge(
    _ account: CreditAccount, exposure: Exposure = Exposure(), total: Micros, ceiling: Micros = 0,
    now: InstantMicros = Sample.now
  ) throws -> CreditJudgement {
    try CreditFacts(account: account, exposure: exposure)
      .judge(total: total, businessDate: Sample.today, approvedCeiling: ceiling, now: now)
  }

  @Test("A total passes up to limit less exposure, to the last micro")
  func limit() throws {
    let account = Sample.account(limit: 1_000)
    let exposure = Exposure(unshipped: 300, unbilled: 200, receivable: -100)
    let passes = try judge(account, exposure: exposure, total: 600)
    #expect(!passes.exceedsLimit)
    #expect(passes.available == 600)
    #expect(try judge(account, exposure: exposure, total: 601).exceedsLimit)
  }

  @Test("A temporary limit counts until the moment of its expiry")
  func temporaryLimit() throws {
    var account = Sample.account(limit: 100)
    account.temporaryLimit = 50
    account.temporaryLimitExpiry = Sample.now
    #expect(try !judge(account, total: 150, now: InstantMicros(Sample.now.value - 1)).exceedsLimit)
    #expect(try judge(account, total: 101, now: Sample.now).exceedsLimit)
  }

  @Test("Prepayment passes against money received only; unlimited passes always")
  func modes() throws {
    var account = CreditAccount(id: CreditAccountID(of: Sample.dealerID), currency: Sample.usd)
    #expect(account.mode == .prepayment)
    #expect(try judge(account, total: 1).exceedsLimit)
    #expect(try !judge(account, exposure: Exposure(receivable: -100), total: 100).exceedsLimit)
    #expect(try judge(account, exposure: Exposure(receivable: -100), total: 101).exceedsLimit)
    account.mode = .unlimited
    let unlimited = try judge(account, total: Micros(.max))
    #expect(!unlimited.exceedsLimit)
    #expect(unlimited.available == nil)
  }

  @Test("An approved ceiling covers an overrun up to itself")
  func ceiling() throws {
    var account = Sample.account(limit: 100)
    account.documentLimit = 50
    let covered = try judge(account, total: 200, ceiling: 200)
    #expect(!covered.exceedsLimit && !covered.exceedsDocumentLimit)
    let above = try judge(account, total: 201, ceiling: 200)
    #expect(above.exceedsLimit && above.exceedsDocumentLimit)
  }

  @Test("Stop, hold, expiry, document limit and overdue are told apart")
  func others() throws {
    var account = Sample.account()
    account.status = .stop
    #expect(try judge(account, total: 1).isStopped)
    account.status = .hold
    #expect(try judge(account, total: 1).isOnHold)
    account.expiryDate = Sample.today
    #expect(try !judge(account, total: 1).isExpired)
    account.expiryDate = Sample.day("2026-03-09")
    #expect(try judge(account, total: 1).isExpired)

    account.overdueDaysMax = 30
    account.overdueMax = 100
    func overdue(_ days: Int32, _ amount: Micros) throws -> Bool {
      try CreditFacts(account: account, exposure: Exposure(), overdueDays: days, overdue: amount)
        .judge(total: 1, businessDate: Sample.today, now: Sample.now).isOverdue
    }
    #expect(try !overdue(30, 100))
    #expect(try overdue(31, 0))
    #expect(try overdue(0, 101))
  }

  @Test("An account is on watch from 90 % of its limit")
  func watch() throws {
    var account = Sample.account(limit: 1_000)
    #expect(try account.standing(with: Exposure(unshipped: 899), now: Sample.now) == .ok)
    #expect(try account.standing(with: Exposure(unshipped: 900), now: Sample.now) == .watch)
    account.status = .hold
    #expect(try account.standing(with: Exposure(unshipped: 900), now: Sample.now) == .hold)
    account.limit = Micros(.max)
    account.status = .ok
    #expect(try account.standing(with: Exposure(unshipped: Micros(.max)), now: Sample.now) == .watch)
  }

  @Test("Amounts that do not fit are refused")
  func overflow() {
    #expect(throws: ArithmeticError.overflow) {
      try judge(Sample.account(), exposure: Exposure(unshipped: Micros(.max), unbilled: 1), total: 1)
    }
    #expect(throws: ArithmeticError.overflow) {
      try judge(Sample.account(limit: 1), exposure: Exposure(receivable: Micros(.min)), total: 1)
    }
  }

  @Test("An exposure is the sum of its postings", arguments: seeds)
  func postings(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var exposure = Exposure()
    var sum: Int64 = 0
    for _ in 0..<500 {
      let amount = random.number(-1_000_000...1_000_000)
      let bucket = ExposureBucket.allCases.randomElement(using: &random) ?? .unshipped
      exposure = try exposure.adding(
        CreditPosting(
          account: CreditAccountID(of: Sample.dealerID), kind: .adjustment, bucket: bucket, amount: Micros(amount)))
      sum += amount
    }
    #expect(try exposure.total() == Micros(sum))
  }
}
