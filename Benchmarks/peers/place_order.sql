-- The peer of `place_order.postgres` and `place_order.postgres_function`: an order placed by one stored function of
-- PostgreSQL, with nothing above it. What it leaves out is everything but the database: wire, messages, most rules,
-- permission.
--
-- It runs on the tables that dms-server made, decides on the rows that the server reads, and writes the rows that the
-- server writes, with encoded messages of the same sizes. Each step is one statement for all lines. Locks are taken in
-- one order (stock by key, credit account, revision counter); the counter comes last, for it is held until the commit.

CREATE OR REPLACE FUNCTION place_order(
  by_principal text, by_request text, for_dealer text, in_currency text, reference text, skus text[],
  quantities bigint[]
) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
  this_method CONSTANT text := '/dms.order.v1.OrderService/PlaceOrder';
  now_micros CONSTANT bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
  today CONSTANT bigint := now_micros / 86400000000;
  order_key CONSTANT text :=
    'SO-' || upper(lpad(to_hex(now_micros), 14, '0')) || upper(substr(md5(by_request), 1, 6));
  request_hash CONSTANT bytea :=
    sha256(convert_to(concat_ws('|', for_dealer, in_currency, reference, skus::text, quantities::text), 'UTF8'));
  line_total CONSTANT bigint := cardinality(skus);
  content bytea;
  stored record;
  buyer record;
  warehouses text[];
  rules bigint;
  prices bigint[];
  versions text[];
  codes text[];
  rates bigint[];
  nets bigint[];
  taxes bigint[];
  places text[];
  problem text;
  net bigint;
  tax bigint;
  written bigint;
BEGIN
  -- A repeated request has the first one's answer.
  SELECT content_hash, reply INTO stored FROM stored_reply
    WHERE request_id = by_request AND method = this_method AND principal_id = by_principal;
  IF FOUND THEN
    IF stored.content_hash <> request_hash THEN RAISE EXCEPTION 'request ID used for something else'; END IF;
    RETURN stored.reply;
  END IF;

  SELECT d.status, d.region, d.tier, d.currency_code, d.payment_terms, d.credit_account_id INTO buyer
    FROM dealer d WHERE d.dealer_id = for_dealer;
  IF NOT FOUND OR buyer.status <> 1 OR buyer.currency_code <> in_currency THEN
    RAISE EXCEPTION 'dealer % cannot order', for_dealer;
  END IF;
  SELECT array_agg(w.warehouse_id ORDER BY d.position) INTO warehouses
    FROM dealer_warehouse d JOIN warehouse w USING (warehouse_id) WHERE d.dealer_id = for_dealer AND w.status = 1;
  SELECT coalesce(max(version), 0) INTO rules FROM rule_set;

  -- Terms of the products, and the best price that applies to this dealer on this day.
  SELECT array_agg(t.price ORDER BY t.line), array_agg(t.version ORDER BY t.line),
      array_agg(t.tax_code ORDER BY t.line), array_agg(t.tax_rate_bps ORDER BY t.line),
      array_agg(t.net ORDER BY t.line), array_agg(t.tax ORDER BY t.line), sum(t.net), sum(t.tax), max(t.problem)
    INTO prices, versions, codes, rates, nets, taxes, net, tax, problem
    FROM (
      SELECT l.line, b.price, b.version, p.tax_code, p.tax_rate_bps, b.price * l.quantity AS net,
        (b.price * l.quantity * p.tax_rate_bps + 5000) / 10000 AS tax,
        CASE
          WHEN p.status IS DISTINCT FROM 1 OR p.currency_code <> in_currency THEN l.sku || ' is not sold'
          WHEN l.quantity < p.minimum_quantity OR l.quantity % p.multiple_quantity <> 0
            OR p.maximum_quantity > 0 AND l.quantity > p.maximum_quantity THEN l.sku || ': not this quantity'
          WHEN p.unit_count > 0 AND EXISTS (
            SELECT FROM product_unit u WHERE u.sku = l.sku AND l.quantity * u.numerator % u.denominator <> 0)
            THEN l.sku || ': not in this unit'
          WHEN p.audience_count > 0 AND NOT EXISTS (
            SELECT FROM product_audience a WHERE a.sku = l.sku AND a.audience_key
              = CASE a.audience_kind WHEN 1 THEN buyer.region WHEN 2 THEN buyer.tier ELSE for_dealer END)
            THEN l.sku || ' is not for this dealer'
          WHEN b.price IS NULL THEN l.sku || ' has no price'
        END AS problem
      FROM unnest(skus, quantities) WITH ORDINALITY AS l (sku, quantity, line)
      LEFT JOIN product p ON p.sku = l.sku
      LEFT JOIN LATERAL (
        SELECT e.unit_price_micros AS price, c.price_list_id || '@' || c.published_version AS version
        FROM price_entry e JOIN price_list c USING (price_list_id)
        WHERE e.sku = l.sku AND e.is_current = 1 AND e.from_quantity <= l.quantity
          AND e.valid_from <= today AND e.valid_until > today AND c.currency_code = in_currency
          AND (e.audience_kind = 0 OR e.audience_key
            = CASE e.audience_kind WHEN 1 THEN buyer.region WHEN 2 THEN buyer.tier ELSE for_dealer END)
        ORDER BY e.audience_kind DESC, e.priority DESC, e.from_quantity DESC LIMIT 1
      ) b ON true
    ) t;
  IF problem IS NOT NULL THEN RAISE EXCEPTION '%', problem; END IF;

  -- An order like this one, alive.
  content := sha256(convert_to(skus::text || quantities::text, 'UTF8'));
  IF reference <> '' AND EXISTS (
    SELECT FROM sales_order WHERE dealer_id = for_dealer AND customer_reference = reference
      AND customer_reference <> '' AND state NOT IN (8, 9)) THEN
    RAISE EXCEPTION 'reference % is used', reference;
  END IF;
  PERFORM FROM sales_order WHERE dealer_id = for_dealer AND lines_hash = content AND lines_hash IS NOT NULL
    AND business_date >= today - 1 AND state NOT IN (8, 9) LIMIT 1;

  -- What stands before this order in the queue takes nothing here: lines that cannot be served are refused.
  PERFORM FROM sales_order_line l JOIN sales_order o USING (order_id)
    WHERE l.sku = ANY (skus) AND l.back_ordered_quantity > 0 AND o.state IN (2, 3, 4);

  -- Stock: the first warehouse of the dealer's that has enough.
  WITH held AS (
    SELECT location_id, sku, on_hand - reserved AS free FROM stock_balance
    WHERE owner = '' AND location_id = ANY (warehouses) AND sku = ANY (skus) AND lot = '' AND status = 1
    ORDER BY location_id, sku FOR NO KEY UPDATE
  )
  SELECT array_agg(s.location_id ORDER BY l.line) INTO places
    FROM unnest(skus, quantities) WITH ORDINALITY AS l (sku, quantity, line)
    CROSS JOIN LATERAL (
      SELECT h.location_id FROM held h WHERE h.sku = l.sku AND h.free >= l.quantity
      ORDER BY array_position(warehouses, h.location_id) LIMIT 1
    ) s;
  IF cardinality(places) IS DISTINCT FROM line_total THEN RAISE EXCEPTION 'out of stock'; END IF;

  UPDATE credit_account SET unshipped_micros = unshipped_micros + net + tax
    WHERE credit_account_id = buyer.credit_account_id AND status = 1 AND currency_code = in_currency
      AND unshipped_micros + unbilled_micros + receivable_micros + net + tax
        <= limit_micros + CASE WHEN temporary_limit_expire_time > now_micros THEN temporary_limit_micros ELSE 0 END;
  IF NOT FOUND THEN RAISE EXCEPTION 'over the credit limit'; END IF;

  -- From here to the commit, one order at a time.
  UPDATE store_state SET value = value + 1 WHERE name = 'revision' RETURNING value INTO written;

  INSERT INTO sales_order (order_id, dealer_id, state, currency_code, business_date, requested_delivery_date, ship_to,
      payment_terms, customer_reference, ship_policy, freight_micros, net_micros, tax_micros, total_micros,
      credit_account_id, booked_micros, approved_ceiling_micros, content_hash, lines_hash, rule_set_version,
      decision_sequence, timeline_count, line_count, note, created_by, submitted_by, create_time, update_time,
      submit_time, review_expire_time, version, revision, submit_revision, priority)
    VALUES (order_key, for_dealer, 3, in_currency, today, NULL, NULL, buyer.payment_terms, reference, 1, 0, net, tax,
      net + tax, buyer.credit_account_id, net + tax, 0, request_hash, content, rules, 1, 1, line_total, '',
      by_principal, by_principal, now_micros, now_micros, now_micros, NULL, 1, written, written, 0);

  INSERT INTO sales_order_line (order_id, line_number, sku, entered_quantity, unit, ordered_quantity,
      over_shipped_quantity, cancelled_quantity, closed_short_quantity, open_quantity, shipped_quantity,
      received_quantity, short_quantity, damaged_quantity, refused_quantity, returned_quantity, reserved_quantity,
      back_ordered_quantity, list_unit_price_micros, unit_price_micros, expected_unit_price_micros, price_source,
      price_list_version, agreed_unit_price_micros, agreed_price_reason, gross_micros, net_micros, tax_code,
      tax_rate_bps, tax_micros, customer_line_reference)
    SELECT order_key, l.line, l.sku, l.quantity, '', l.quantity, 0, 0, 0, l.quantity, 0, 0, 0, 0, 0, 0, l.quantity, 0,
      l.price, l.price, NULL, 1, l.version, NULL, '', l.net, l.net, l.code, l.rate, l.tax, ''
    FROM unnest(skus, quantities, prices, versions, nets, codes, rates, taxes) WITH ORDINALITY
      AS l (sku, quantity, price, version, net, code, rate, tax, line);

  INSERT INTO stock_reservation (order_id, line_number, warehouse_id, sku, quantity)
    SELECT order_key, l.line, l.place, l.sku, l.quantity
    FROM unnest(skus, quantities, places) WITH ORDINALITY AS l (sku, quantity, place, line);

  INSERT INTO credit_entry (entry_id, credit_account_id, kind, bucket, amount_micros, order_id, source, document_id,
      business_date, record_time, actor, revision)
    VALUES (written << 14, buyer.credit_account_id, 1, 1, net + tax, order_key, NULL, NULL, today, now_micros,
      by_principal, written);

  INSERT INTO sales_order_timeline (order_id, sequence, kind, from_state, to_state, actor, comment, rule_set_version,
      decision, record_time, revision)
    VALUES (order_key, 1, 1, 0, 3, by_principal, '', rules, encoded(decision_bytes()), now_micros, written);

  WITH moved AS (
    UPDATE stock_balance b SET reserved = b.reserved + l.quantity, revision = written
    FROM (SELECT sku, place, sum(quantity)::bigint AS quantity FROM unnest(skus, quantities, places)
      AS l (sku, quantity, place) GROUP BY sku, place) l
    WHERE b.owner = '' AND b.location_id = l.place AND b.sku = l.sku AND b.lot = '' AND b.status = 1
    RETURNING b.location_id, b.sku
  )
  INSERT INTO change_log (revision, position, kind, change_key, dealer_id, record_time, payload)
    SELECT written, 0, 1, order_key, for_dealer, now_micros, encoded(order_bytes())
    UNION ALL
    SELECT written, row_number() OVER (), 2, 'BRAND/' || location_id || '/' || sku, NULL, now_micros,
      encoded(stock_bytes())
    FROM moved;

  INSERT INTO stored_reply (revision, principal_id, method, request_id, content_hash, reply, create_time)
    VALUES (written, by_principal, this_method, by_request, request_hash, encoded(reply_bytes()), now_micros)
    RETURNING reply INTO stored;
  RETURN stored.reply;
END $$;

-- Stand-ins for encoded messages, of the sizes that the server's have.
CREATE OR REPLACE FUNCTION reply_bytes() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 602';
CREATE OR REPLACE FUNCTION order_bytes() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 599';
CREATE OR REPLACE FUNCTION stock_bytes() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 52';
CREATE OR REPLACE FUNCTION decision_bytes() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 446';
CREATE OR REPLACE FUNCTION encoded(size int) RETURNS bytea LANGUAGE sql IMMUTABLE AS
  $$ SELECT decode(substr(repeat(md5('message'), 64), 1, 2 * size), 'hex') $$;
