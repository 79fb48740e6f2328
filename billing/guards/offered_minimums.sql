-- Nobody signs less than may be billed: an offer means at most what its hours may come to, or its minimum where that is more.
ALTER TABLE billing_offer DROP CONSTRAINT offer_amount_is_its_price;
ALTER TABLE billing_offer ADD CONSTRAINT offer_amount_is_its_price CHECK (amount = greatest(minimum_charge, round(cap * rate / 60, 2)
    + round(cap * out_of_hours_rate / 60, 2) + round(cap * on_site_rate / 60, 2) + visits * visit_price) + fixed_price);
-- reverse
ALTER TABLE billing_offer DROP CONSTRAINT offer_amount_is_its_price;
ALTER TABLE billing_offer ADD CONSTRAINT offer_amount_is_its_price CHECK (amount = round(cap * rate / 60, 2)
    + round(cap * out_of_hours_rate / 60, 2) + round(cap * on_site_rate / 60, 2) + visits * visit_price + fixed_price);
