// The incidents' part of api/openapi.yaml: cases with their items and papers, signing certificates, reports of staff,
// warnings. Handlers only translate: policy on the loaded object, values to JSON. Each route's file stands in
// handlers/.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "directory/directory.h"
#include "finding/book.h"
#include "incident/case_book.h"
#include "incident/contact_book.h"
#include "incident/handover.h"
#include "incident/inbound_book.h"
#include "incident/office_book.h"
#include "incident/provider_book.h"
#include "incident/report_book.h"
#include "incident/signer_book.h"
#include "incident/system_book.h"
#include "incident/warning_book.h"

namespace luy::incident {

// What a request may bring at most: files go in JSON as base64.
inline constexpr std::size_t upload_bytes_max = 16 << 20;       // Of a file itself.
inline constexpr std::size_t upload_body_bytes_max = 24 << 20;  // Of a request that brings one.
inline constexpr std::size_t report_photo_bytes_max = 8 << 20;  // Of what comes from the LAN without an account.
// Free text with at most indicator::free_text_bytes_max of indicators, escaped.
inline constexpr std::size_t indicators_body_bytes_max = 2 << 20;
inline constexpr std::size_t report_body_bytes_max = 12 << 20;

// Events of linked findings in a case's timeline, the newest of each.
inline constexpr std::size_t events_per_finding_max = 10;
inline constexpr std::size_t events_of_case_max = 100;
inline constexpr std::size_t event_text_bytes_max = 300;

struct SeenEvent {
  Time at;  // When it happened, as far as it says; else of receipt.
  std::string message;
  std::optional<DeviceId> device;
};

// What the handlers need from elsewhere. All functions thread-safe.
struct ApiDependencies {
  CaseBook& cases;
  ReportBook& reports;
  SignerBook& signers;
  WarningBook& warnings;
  OfficeBook& office;
  const PaperLife& life;
  ContactBook& contacts;
  InboundBook& inbound;
  finding::Book& findings;
  const Vault& vault;
  FormBook& forms;
  directory::Directory& directory;
  const Clock& clock;
  // The agency and its superiors, nearest first; empty when unknown.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  struct Named {
    AgencyId id;
    std::string name;
  };
  std::function<std::vector<Named>()> agencies;  // That exist today.
  std::function<std::string(const AgencyId&)> agency_name;
  std::function<bool(const AgencyId&)> agency_exists;  // Today.
  std::function<std::string(const DeviceId&)> device_name;
  // A device in the inventory of the agency that `text` names, or that is among `devices`; its name.
  std::function<std::optional<std::string>(const AgencyId&, const std::string& text, const std::vector<DeviceId>&)>
      own_device;
  // The evidence record of an act of the audit trail; nullopt until it is there.
  std::function<std::optional<std::uint64_t>(const std::string& act)> act_seq;
  std::function<std::vector<Day>()> stored_days;  // Of the evidence.
  std::function<Result<std::string>(const paper::Document&)> pdf;
  std::function<Result<std::string>(std::string_view docx)> pdfa;  // May take a minute.
  // Puts the agency's seal on a signed paper that was rendered from `document`. May take a minute.
  std::function<Result<std::string>(const AgencyId&, std::string_view signed_pdf, const paper::Document&)> seal;
  // The name on the agency's seal, empty when it has none here. Errors: what is wrong with the declarations.
  std::function<Result<std::string>(const AgencyId&)> seal_name;
  HandoverDesk& handovers;
  // A record of the evidence that an agency sent; nullopt when it is another's or is no longer there.
  std::function<std::optional<SeenEvent>(const AgencyId&, std::uint64_t seq)> event;
  SystemBook& systems;
  std::function<std::optional<AgencyId>(const DeviceId&)> device_agency;  // nullopt: unknown or retired.
  std::function<std::optional<AgencyId>()> town;                          // The agency above all others.
  ProviderBook& providers;
};

std::vector<api::Route> routes(const ApiDependencies& dependencies);

// For setFindingState: findings that are said to be in a case go into the one named, or into a new one.
Result<void> findings_into_case(const ApiDependencies& dependencies, const api::Request& request,
                                const std::vector<finding::FindingId>& findings, const std::optional<CaseId>& into);

}  // namespace luy::incident
