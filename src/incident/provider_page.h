// What a request to a provider says in its letter. Pure.
#pragma once

#include <string>

#include "incident/office_book.h"
#include "incident/provider_book.h"

namespace luy::incident {

// `by` is whom the letter offers as its contact. OwnerPage::over of a request that is closed or withdrawn:
// provider_turn.
OwnerPage page_of(const ProviderRequest& request, const ProviderRules& rules, const Issuer& issuer,
                  const std::string& by);

}  // namespace luy::incident
