// listReviews, openReview, getReview, answerReview, closeReview, getReviewFile.
#include <algorithm>

#include "people/handlers/values.h"

namespace luy::people {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object review_json(const ApiDependencies& d, const Review& review) {
  const auto count = [&](Answer answer) {
    return std::count_if(review.lines.begin(), review.lines.end(),
                         [&](const ReviewLine& one) { return one.answer == answer; });
  };
  return {{"id", review.id.text()},
          {"number", review.number},
          {"agency", agency_json(d, review.agency)},
          {"below", review.below},
          {"opened_at", to_rfc3339(review.opened_at)},
          {"due", to_rfc3339(review.due)},
          {"closed_at", time_json(review.closed_at)},
          {"overdue", !review.closed_at && review.due <= d.clock.now()},
          {"counts",
           {{"lines", review.lines.size()},
            {"answered", review.lines.size() - review.unanswered()},
            {"keep", count(Answer::keep)},
            {"change", count(Answer::change)},
            {"remove", count(Answer::remove)},
            {"undone", review.undone()}}},
          {"by", maybe_named_json(review.by)},
          {"seq", seq_json(d.act_seq(review.closed_at ? review.close_act : review.id.text()))}};
}

json::object line_json(const ApiDependencies& d, const Request& request, const Review& review, const ReviewLine& line) {
  const ReviewSubject& subject = line.subject;
  json::array rights;
  for (const Right& right : subject.rights) {
    rights.push_back(text_json(right.title));
  }
  json::value holder = nullptr;
  if (subject.holder) holder = json::object{{"id", subject.holder->text()}, {"name", subject.holder_name}};
  std::optional<Text> why = ReviewBook::why_not(who_asks(request), line);
  if (!why && review.closed_at) why = Text{"Đợt rà soát đã kết thúc.", "The review is closed."};
  if (!why && !may(d, request, Action::access_review, review.agency)) {
    why = Text{"Bạn không có quyền rà soát tại cơ quan này.", "You may not review rights in this agency."};
  }
  return {{"id", line.id.text()},
          {"subject", {{"kind", name_of(subject.kind)}, {"id", subject.id}, {"title", subject.title}}},
          {"holder", std::move(holder)},
          {"position", subject.position},
          {"rights", std::move(rights)},
          {"last_used", time_json(subject.last_used)},
          {"flags", json::array(subject.flags.begin(), subject.flags.end())},
          {"answer", line.answer ? json::value(name_of(*line.answer)) : json::value(nullptr)},
          {"reason", line.reason.empty() ? json::value(nullptr) : json::value(line.reason)},
          {"by", maybe_named_json(line.by)},
          {"at", time_json(line.at)},
          {"done_at", time_json(line.done_at)},
          {"may_answer", !why},
          {"why_not", why ? json::value(text_json(*why)) : json::value(nullptr)}};
}

json::object detail_json(const ApiDependencies& d, const Request& request, const Review& review) {
  json::object out = review_json(d, review);
  json::array lines;
  for (const ReviewLine& line : review.lines) lines.push_back(line_json(d, request, review, line));
  out["lines"] = std::move(lines);
  return out;
}

ReviewBook::Permit permit_of(const ApiDependencies& d, const Request& request) {
  return [&d, &request](const AgencyId& agency) {
    return api::authorise(request, Action::access_review, object_of(d, agency));
  };
}

// The review of the path: read by whoever reads whose the accounts are.
Result<Review> visible_review(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<ReviewId>("review", "review"));
  LUY_TRY(Review review, d.reviews.find(id));
  if (!may(d, request, Action::account_control_read, review.agency)) {
    return api::hide(request, Action::account_control_read, "review:" + id.text(), Error(review_unknown));
  }
  LUY_TRY_VOID(api::authorise(request, Action::account_control_read, object_of(d, review.agency)));
  return review;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Scope scope, Scope::of(d, request, Action::account_control_read));
  LUY_TRY(const std::vector<Review> all, d.reviews.list());
  const auto open = request.param("open");
  json::array items;
  for (const Review& one : all) {
    if (!scope.sees(one.agency) || (open && (*open == "true") == one.closed_at.has_value())) continue;
    items.push_back(review_json(d, one));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> begin(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  if (!agency || d.agency_name(*agency).empty()) return Error(directory::agency_unknown);
  LUY_TRY_VOID(api::authorise(request, Action::access_review, object_of(d, *agency)));
  LUY_TRY(const std::optional<Day> due, day_at(body, "due"));
  if (!due) return Error(api::bad_request, "due");
  const json::value* below = body.if_contains("below");
  request.audited = true;
  LUY_TRY(const Review made, d.reviews.begin(api::caller_of(request), who_asks(request), permit_of(d, request), *agency,
                                             below != nullptr && below->is_bool() && below->get_bool(), *due));
  return api::json(detail_json(d, request, made), 201);
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Review review, visible_review(d, request));
  return api::json(detail_json(d, request, review));
}

Result<Response> answer(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Review review, visible_review(d, request));
  std::vector<LineAnswer> answers;
  for (const json::value& item : request.body.as_object().at("answers").as_array()) {
    const json::object& one = item.as_object();
    const auto line = ReviewLineId::parse(text_at(one, "line"));
    const auto wanted = answer_from_name(text_at(one, "answer"));
    if (!line || !wanted) return Error(api::bad_request, "answers");
    answers.push_back({*line, *wanted, text_at(one, "reason")});
  }
  request.audited = true;
  LUY_TRY(const Review made,
          d.reviews.answer(api::caller_of(request), who_asks(request), permit_of(d, request), review.id, answers));
  return api::json(detail_json(d, request, made));
}

Result<Response> close(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Review review, visible_review(d, request));
  request.audited = true;
  LUY_TRY(const Review made, d.reviews.close(api::caller_of(request), permit_of(d, request), review.id));
  return api::json(detail_json(d, request, made));
}

// RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe.
std::string cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    text.insert(0, 1, '\'');
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string csv_of(const Review& review) {
  std::string out = "\xEF\xBB\xBF";  // So that spreadsheets read UTF-8.
  out += "Đợt,Loại,Đối tượng,Người giữ,Chức vụ,Quyền,Dùng gần nhất,Kết quả,Lý do,Người rà soát,Lúc,Thực hiện lúc\r\n";
  const auto time = [](const std::optional<Time>& one) { return one ? to_rfc3339(*one) : std::string(); };
  for (const ReviewLine& line : review.lines) {
    std::string rights;
    for (const Right& right : line.subject.rights) rights += (rights.empty() ? "" : "; ") + right.title.vi;
    const std::string result = line.answer ? std::string(name_of(*line.answer)) : "";
    const std::string cells[] = {review.number,
                                 std::string(name_of(line.subject.kind)),
                                 line.subject.title,
                                 line.subject.holder_name,
                                 line.subject.position,
                                 rights,
                                 time(line.subject.last_used),
                                 result,
                                 line.reason,
                                 line.by.name,
                                 time(line.at),
                                 time(line.done_at)};
    bool is_first = true;
    for (const std::string& one : cells) {
      if (!is_first) out += ',';
      out += cell(one);
      is_first = false;
    }
    out += "\r\n";
  }
  return out;
}

Result<Response> file(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Review review, visible_review(d, request));
  Response out;
  out.content_type = "text/csv; charset=utf-8";
  out.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + review.number + ".csv\"");
  out.body = csv_of(review);
  return out;
}

}  // namespace

std::vector<api::Route> review_routes(const Shared& d) {
  constexpr Action read = Action::account_control_read;
  constexpr Action write = Action::access_review;
  return {
      route(d, Method::get, "/api/v1/reviews", "listReviews", read, list),
      route(d, Method::post, "/api/v1/reviews", "openReview", write, begin),
      route(d, Method::get, "/api/v1/reviews/{review}", "getReview", read, get),
      route(d, Method::put, "/api/v1/reviews/{review}/lines", "answerReview", write, answer),
      route(d, Method::post, "/api/v1/reviews/{review}/close", "closeReview", write, close),
      route(d, Method::get, "/api/v1/reviews/{review}/file", "getReviewFile", read, file),
  };
}

}  // namespace luy::people
