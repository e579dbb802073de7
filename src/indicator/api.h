// The indicators' part of api/openapi.yaml: listIndicators, listIndicatorLists, importIndicators, removeIndicatorList.
// Lists hold for the whole town: who may manage them holds the right where the town's own agency is.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "indicator/book.h"

namespace luy::indicator {

struct ApiDependencies {
  Book& book;
  const Clock& clock;
  std::function<std::optional<AgencyId>()> town;  // The agency above all others.
  // As watch::ApiDependencies.
  std::function<Result<void>(records::Connection&, const api::Request&, std::string_view act, std::string_view object,
                             boost::json::object)>
      audit;
  std::function<void()> audited;
};

std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::indicator
