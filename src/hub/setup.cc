#include "hub/setup.h"

#include <boost/json.hpp>

#include "hub/core.h"
#include "hub/enrolment.h"
#include "hub/hub.h"

namespace luy::hub {

Result<SetupResult> set_up(const SetupOptions& options, const Clock& clock, Random& random) {
  Core::Options core_options;
  core_options.data = options.data;
  core_options.passwords = options.passwords;
  LUY_TRY(const std::unique_ptr<Core> core, Core::open(core_options, clock, random));
  directory::FirstSetup first;
  first.agency_code = options.agency_code;
  first.agency_name = options.agency_name;
  first.person_name = options.person_name.empty() ? options.username : options.person_name;
  first.username = options.username;
  first.reissue = directory::Reissue::if_unused;
  LUY_TRY(const directory::FirstAdministrator administrator, core->directory().set_up(first));
  // Nothing enrols during setup; the inventory is not asked.
  const auto nobody = [](const AgencyId&, const fact::Identity&, const fact::Os&,
                         const fact::Hardware&) -> Result<Enrolment::Registered> { return Error(token_refused); };
  LUY_TRY(const std::unique_ptr<Enrolment> enrolment,
          Enrolment::open(core->database(), core->ca(), clock, random, nobody));
  LUY_TRY(const IssuedToken token, enrolment->issue_token(administrator.agency, "luy-hub setup"));
  return SetupResult{administrator.agency.text(),
                     administrator.username,
                     administrator.one_time_password,
                     core->ca().fingerprint(),
                     token.token,
                     token.expires_at};
}

Result<PasswordReset> reset_password(const ResetPassword& wanted, const Clock& clock, Random& random) {
  std::error_code ignored;
  if (!std::filesystem::exists(wanted.data / "records.db", ignored)) return Error(not_set_up, wanted.data.string());
  Core::Options core_options;
  core_options.data = wanted.data;
  LUY_TRY(const std::unique_ptr<Core> core, Core::open(core_options, clock, random));
  directory::Accounts& accounts = core->directory().accounts();
  LUY_TRY(const directory::Account account, accounts.find_by_username(wanted.username));
  const directory::Caller caller = directory::server_operator();
  if (wanted.enable && !account.enabled) LUY_TRY_VOID(accounts.enable(caller, account.id));
  if (wanted.factors) LUY_TRY_VOID(core->directory().factors().reset(caller, account.id));
  PasswordReset out{account.username, "", account.enabled || wanted.enable};
  LUY_TRY(out.password, accounts.issue_password(caller, account.id));
  return out;
}

std::string to_text(const PasswordReset& reset) {
  std::string out = "Tài khoản / account:                  " + reset.username + "\n";
  out += "Mật khẩu một lần / one-time password: " + reset.password +
         "  (24 h; phải đổi khi đăng nhập / must be changed at sign-in)\n";
  if (!reset.enabled) {
    out += "Tài khoản đang bị khóa; thêm --enable để mở / the account is disabled; add --enable to unlock it.\n";
  }
  return out;
}

std::string to_text(const SetupResult& result) {
  std::string out = "Tài khoản / account:               " + result.username + "\n";
  out += "Mật khẩu một lần / one-time password: ";
  out += result.password ? *result.password + "  (24 h; phải đổi khi đăng nhập / must be changed at sign-in)"
                         : "(đã được đổi, không cấp lại / changed already, not issued again)";
  out += "\nVân tay chứng thư / CA fingerprint:   " + result.fingerprint;
  out += "\nMã kết nối / enrolment token:         " + result.token + "  (đến / until " +
         to_rfc3339(result.token_expires_at) + ")\n";
  return out;
}

std::string to_json(const SetupResult& result) {
  boost::json::object out;
  out["agency"] = result.agency;
  out["username"] = result.username;
  out["password"] = result.password ? boost::json::value(*result.password) : boost::json::value(nullptr);
  out["fingerprint"] = result.fingerprint;
  out["token"] = result.token;
  out["token_expires_at"] = to_rfc3339(result.token_expires_at);
  return boost::json::serialize(out) + "\n";
}

}  // namespace luy::hub
