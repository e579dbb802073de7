#include "people/store/review_store.h"

#include <map>

namespace luy::people::store {
namespace {

namespace json = boost::json;

std::optional<std::int64_t> micros(const std::optional<Time>& time) {
  return time ? std::optional(to_micros(*time)) : std::nullopt;
}

std::optional<Time> time_at(const records::Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(from_micros(row.integer(column)));
}

Review review_from(const records::Row& row) {
  Review out;
  out.id = ReviewId::trusted(row.text(0));
  out.number = row.text(1);
  out.agency = AgencyId::trusted(row.text(2));
  out.below = row.integer(3) != 0;
  out.opened_at = from_micros(row.integer(4));
  out.due = from_micros(row.integer(5));
  out.by = {std::string(row.text(6)), std::string(row.text(7))};
  out.closed_at = time_at(row, 8);
  out.close_act = row.text(9);
  return out;
}

ReviewLine line_from(const records::Row& row) {
  ReviewLine out;
  out.id = ReviewLineId::trusted(row.text(1));
  boost::system::error_code error;
  const json::value body = json::parse(row.text(2), error);
  if (!error && body.is_object()) out.subject = subject_from_json(body.get_object());
  if (!row.null(3)) out.answer = answer_from_name(row.text(3));
  out.reason = row.text(4);
  out.by = {std::string(row.text(5)), std::string(row.text(6))};
  out.at = time_at(row, 7);
  out.done_at = time_at(row, 8);
  return out;
}

}  // namespace

Result<std::vector<Review>> reviews(records::Connection& c, std::string_view condition,
                                    std::initializer_list<records::Param> params) {
  std::vector<Review> out;
  LUY_TRY_VOID(
      c.query("SELECT id, number, agency, below, opened_at_us, due_us, by_person, by_name, closed_at_us, "
              "close_act FROM people_review r " +
                  std::string(condition) + " ORDER BY r.id DESC",
              params, [&](const records::Row& row) { out.push_back(review_from(row)); }));
  std::map<std::string, Review*, std::less<>> by_id;
  for (Review& one : out) by_id.emplace(one.id.text(), &one);
  LUY_TRY_VOID(
      c.query("SELECT i.review, i.id, i.subject, i.answer, i.reason, i.by_person, i.by_name, i.at_us, "
              "i.done_at_us FROM people_review_line i JOIN people_review r ON r.id = i.review " +
                  std::string(condition) + " ORDER BY i.id",
              params, [&](const records::Row& row) {
                const auto found = by_id.find(row.text(0));
                if (found != by_id.end()) found->second->lines.push_back(line_from(row));
              }));
  return out;
}

Result<void> save(records::Connection& c, const Review& review) {
  LUY_TRY_VOID(
      c.run("INSERT INTO people_review (id, number, agency, below, opened_at_us, due_us, by_person, by_name, "
            "closed_at_us, close_act) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET "
            "closed_at_us = excluded.closed_at_us, close_act = excluded.close_act",
            {std::string_view(review.id.text()), std::string_view(review.number),
             std::string_view(review.agency.text()), std::int64_t{review.below ? 1 : 0}, to_micros(review.opened_at),
             to_micros(review.due), std::string_view(review.by.id), std::string_view(review.by.name),
             records::nullable(micros(review.closed_at)), std::string_view(review.close_act)}));
  return {};
}

Result<void> save(records::Connection& c, const ReviewId& review, const ReviewLine& line) {
  const std::string subject = json::serialize(to_json(line.subject));
  const auto answer = line.answer ? std::optional(std::string(name_of(*line.answer))) : std::nullopt;
  LUY_TRY_VOID(c.run(
      "INSERT INTO people_review_line (review, id, subject, answer, reason, by_person, by_name, at_us, "
      "done_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET "
      "answer = excluded.answer, reason = excluded.reason, by_person = excluded.by_person, "
      "by_name = excluded.by_name, at_us = excluded.at_us, done_at_us = excluded.done_at_us",
      {std::string_view(review.text()), std::string_view(line.id.text()), std::string_view(subject),
       records::nullable(answer), std::string_view(line.reason), std::string_view(line.by.id),
       std::string_view(line.by.name), records::nullable(micros(line.at)), records::nullable(micros(line.done_at))}));
  return {};
}

}  // namespace luy::people::store
