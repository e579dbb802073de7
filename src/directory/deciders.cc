#include "directory/deciders.h"

#include "directory/stored/account.h"

namespace luy::directory {

Result<std::vector<std::string>> deciders_of(records::Connection& c, const Caller& caller,
                                             const std::string& proposer) {
  std::vector<std::string> out = {proposer};
  if (caller.agreed_by.empty()) return out;
  LUY_TRY(const StoredAccount second, load_account_named(c, caller.agreed_by));
  out.push_back(second.account.display_name);
  return out;
}

}  // namespace luy::directory
