// The tables of rules: values in, rows out. Private to the module.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "finding/rule_book.h"

namespace luy::finding::tables {

Result<std::uint64_t> revision(records::Connection& c);
Result<void> next_revision(records::Connection& c);

Result<void> load_switches(records::Connection& c, std::map<std::string, Switched>& out);
Result<void> save_switch(records::Connection& c, const std::string& rule, const Switched& switched);

Result<void> load_exceptions(records::Connection& c, std::vector<RuleException>& out);
Result<void> save_exception(records::Connection& c, const RuleException& exception);
Result<void> remove_exception(records::Connection& c, const ExceptionId& id);

// The newest version of each; one without a text was deleted and is left out.
Result<void> load_local(
    records::Connection& c,
    const std::function<void(const std::string& rule, std::uint64_t version, std::string yaml)>& each);
Result<void> add_local(records::Connection& c, const std::string& rule, const std::string& yaml, const std::string& by,
                       Time at);

// Its switch and its exceptions.
Result<void> forget_rule(records::Connection& c, const std::string& rule);

// The file of the imported package; empty when there is none.
Result<std::string> package(records::Connection& c);
Result<void> set_package(records::Connection& c, const std::string& file, const std::string& by, Time at);

}  // namespace luy::finding::tables
