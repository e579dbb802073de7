// approveSecretMove, refuseSecretMove, finishSecretMove, signSecretMove, getSecretMovePaper.
#include "api/file_response.h"
#include "premises/handlers/secret_parts.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;
using Entry = SecretBook::Entry;

struct Found {
  Entry entry;
  Move move;
};

// The move of the path, authorised.
Result<Found> move_of(const ApiDependencies& d, const Request& request, Action action) {
  LUY_TRY(const auto id, request.id_param<MoveId>("move", "move"));
  LUY_TRY(Entry entry, d.secrets.of_move(id));
  LUY_TRY_VOID(api::authorise(request, action, object_of(d, entry.device.agency)));
  const auto move = std::find_if(entry.moves.begin(), entry.moves.end(), [&](const Move& one) { return one.id == id; });
  return Found{entry, *move};
}

Result<Response> decide(const ApiDependencies& d, const Request& request, bool approved) {
  LUY_TRY(const Found found, move_of(d, request, Action::secret_move_approve));
  request.audited = true;
  LUY_TRY(const Entry made, d.secrets.decide_move(api::caller_of(request), secret_actor(request), found.move.id,
                                                  approved, text_at(request.body.as_object(), "note")));
  return secret_answer(d, request, made);
}

Result<Response> approve(const ApiDependencies& d, const Request& request) {
  return decide(d, request, true);
}

Result<Response> refuse(const ApiDependencies& d, const Request& request) {
  return decide(d, request, false);
}

Result<Response> finish(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Found found, move_of(d, request, Action::secret_device_manage));
  const json::object& body = request.body.as_object();
  const auto moved_at = from_rfc3339(text_at(body, "moved_at"));
  if (!moved_at) return Error(api::bad_request, "moved_at");
  request.audited = true;
  LUY_TRY(const Entry made, d.secrets.finish_move(api::caller_of(request), found.move.id, text_at(body, "seal"),
                                                  text_at(body, "witness"), *moved_at));
  return secret_answer(d, request, made);
}

Result<Response> sign(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Found found, move_of(d, request, Action::secret_device_manage));
  LUY_TRY(const auto day, day_at(request.body.as_object(), "signed_on"));
  if (!day) return Error(api::bad_request, "signed_on");
  request.audited = true;
  LUY_TRY(const Entry made, d.secrets.sign_move(api::caller_of(request), found.move.id, *day));
  return secret_answer(d, request, made);
}

// "2026-11-23T14:30" in Vietnam.
std::string local_minute(Time time) {
  const auto in_day = std::chrono::duration_cast<std::chrono::minutes>(time - day_begin(day_of(time))).count();
  const auto two = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return to_iso(day_of(time)) + "T" + two(in_day / 60) + ":" + two(in_day % 60);
}

Result<Response> paper(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Found found, move_of(d, request, Action::secret_device_read));
  const Move& one = found.move;
  if (!one.moved_at) return Error(move_state, std::string(name_of(one.state)));
  json::object fields{{"label", found.entry.device.label},
                      {"moved", local_minute(*one.moved_at)},
                      {"from_room", one.from_room},
                      {"to_room", one.to_room},
                      {"giver", one.from_holder},
                      {"receiver", one.to_holder},
                      {"witness", one.witness},
                      {"seal", one.seal},
                      {"reason", one.reason},
                      {"approved_by", one.decided_by},
                      {"approved_at", local_minute(*one.decided_at)}};
  if (!found.entry.device.serial.empty()) fields["serial"] = found.entry.device.serial;
  LUY_TRY(std::string bytes, d.render({found.entry.device.agency,
                                       "bien-ban-ban-giao-thiet-bi-mat",
                                       std::move(fields),
                                       {one.from_holder, one.to_holder, one.witness},
                                       day_of(*one.moved_at)}));
  return api::file_response(std::move(bytes), "application/pdf", "bien-ban-" + one.id.text() + ".pdf");
}

}  // namespace

std::vector<api::Route> move_routes(const Shared& d) {
  const auto manage = Action::secret_device_manage;
  const auto decide = Action::secret_move_approve;
  return {
      route(d, Method::post, "/api/v1/secret-moves/{move}/approval", "approveSecretMove", decide, approve),
      route(d, Method::post, "/api/v1/secret-moves/{move}/refusal", "refuseSecretMove", decide, refuse),
      route(d, Method::post, "/api/v1/secret-moves/{move}/handover", "finishSecretMove", manage, finish),
      route(d, Method::post, "/api/v1/secret-moves/{move}/signing", "signSecretMove", manage, sign),
      route(d, Method::get, "/api/v1/secret-moves/{move}/paper", "getSecretMovePaper", Action::secret_device_read,
            paper),
  };
}

}  // namespace luy::premises
