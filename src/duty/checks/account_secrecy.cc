// account_secrecy (7.2): an account of the product is not used in two places at once: within the last look_back_days
// nobody signed in while a session of the account lived at another address. That no session outlives its limit is
// enforced where sessions are read (directory/session.h), so there is nothing to judge. What happens to accounts of
// machines is not measured.
#include <algorithm>

#include "duty/checks/check.h"

namespace luy::duty {

Judgement judge_account_secrecy(const Input& in) {
  const ProductAccount& account = *in.product_account;
  const Duration look_back = in.limits.duration("look_back_days");
  const std::int64_t look_back_days = std::chrono::duration_cast<days>(look_back).count();
  Finding finding;
  if (account.two_places && in.now < account.two_places->at + look_back) {
    const ProductAccount::TwoPlaces& found = *account.two_places;
    finding.rests_on({record_kind, found.seq, found.at, "luy-hub"});
    finding.add(State::violated, Code::secrecy_two_places,
                Arguments()
                    .text(account.username)
                    .time(found.at)
                    .text(found.address)
                    .text(found.other_address)
                    .time(found.other_seen),
                found.at + look_back);
  } else if (!account.places_watched) {
    finding.add(State::unknown, Code::secrecy_unwatched, Arguments().text(account.username));
  } else if (account.last_sign_in) {
    finding.rests_on({record_kind, account.sign_in_seq, *account.last_sign_in, "luy-hub"});
    finding.add(State::kept, Code::secrecy_kept,
                Arguments().text(account.username).number(look_back_days).time(*account.last_sign_in));
  } else {
    finding.rests_on({record_kind, account.issued_seq, account.issued_at, "luy-hub"});
    finding.add(State::kept, Code::secrecy_unused, Arguments().text(account.username));
  }
  return std::move(finding).done();
}

Judgement account_secrecy_when_empty(const EmptyInput&) {
  return only(State::unknown, Code::secrecy_not_measured);
}

}  // namespace luy::duty
