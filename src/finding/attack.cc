#include "finding/attack.h"

#include <algorithm>
#include <array>

namespace luy::finding {
namespace {

// Version 19 of April 2026: what was "Defense Evasion" is now "Stealth" and "Defense Impairment".
constexpr std::array<Tactic, 15> all_tactics = {{
    {"reconnaissance", "Trinh sát", "Reconnaissance"},
    {"resource-development", "Chuẩn bị nguồn lực", "Resource Development"},
    {"initial-access", "Xâm nhập ban đầu", "Initial Access"},
    {"execution", "Thực thi mã", "Execution"},
    {"persistence", "Duy trì hiện diện", "Persistence"},
    {"privilege-escalation", "Leo thang đặc quyền", "Privilege Escalation"},
    {"stealth", "Ẩn mình", "Stealth"},
    {"defense-impairment", "Làm suy yếu phòng thủ", "Defense Impairment"},
    {"credential-access", "Đánh cắp thông tin xác thực", "Credential Access"},
    {"discovery", "Thăm dò", "Discovery"},
    {"lateral-movement", "Lan sang máy khác", "Lateral Movement"},
    {"collection", "Thu thập dữ liệu", "Collection"},
    {"command-and-control", "Điều khiển từ xa", "Command and Control"},
    {"exfiltration", "Tuồn dữ liệu ra ngoài", "Exfiltration"},
    {"impact", "Phá hoại", "Impact"},
}};

constexpr std::string_view recon = "reconnaissance";
constexpr std::string_view resources = "resource-development";
constexpr std::string_view access = "initial-access";
constexpr std::string_view execution = "execution";
constexpr std::string_view persistence = "persistence";
constexpr std::string_view privilege = "privilege-escalation";
constexpr std::string_view stealth = "stealth";
constexpr std::string_view impairment = "defense-impairment";
constexpr std::string_view credentials = "credential-access";
constexpr std::string_view discovery = "discovery";
constexpr std::string_view lateral = "lateral-movement";
constexpr std::string_view collection = "collection";
constexpr std::string_view control = "command-and-control";
constexpr std::string_view exfiltration = "exfiltration";
constexpr std::string_view impact = "impact";

// By id.
const std::vector<Technique>& table() {
  static const std::vector<Technique> all = {
      {"T1001", "Data Obfuscation", {control}},
      {"T1003", "OS Credential Dumping", {credentials}},
      {"T1005", "Data from Local System", {collection}},
      {"T1006", "Direct Volume Access", {stealth}},
      {"T1007", "System Service Discovery", {discovery}},
      {"T1008", "Fallback Channels", {control}},
      {"T1010", "Application Window Discovery", {discovery}},
      {"T1011", "Exfiltration Over Other Network Medium", {exfiltration}},
      {"T1012", "Query Registry", {discovery}},
      {"T1014", "Rootkit", {stealth}},
      {"T1016", "System Network Configuration Discovery", {discovery}},
      {"T1018", "Remote System Discovery", {discovery}},
      {"T1020", "Automated Exfiltration", {exfiltration}},
      {"T1021", "Remote Services", {lateral}},
      {"T1025", "Data from Removable Media", {collection}},
      {"T1027", "Obfuscated Files or Information", {stealth}},
      {"T1029", "Scheduled Transfer", {exfiltration}},
      {"T1030", "Data Transfer Size Limits", {exfiltration}},
      {"T1033", "System Owner/User Discovery", {discovery}},
      {"T1036", "Masquerading", {stealth}},
      {"T1037", "Boot or Logon Initialization Scripts", {persistence, privilege}},
      {"T1039", "Data from Network Shared Drive", {collection}},
      {"T1040", "Network Sniffing", {credentials, discovery}},
      {"T1041", "Exfiltration Over C2 Channel", {exfiltration}},
      {"T1046", "Network Service Discovery", {discovery}},
      {"T1047", "Windows Management Instrumentation", {execution}},
      {"T1048", "Exfiltration Over Alternative Protocol", {exfiltration}},
      {"T1049", "System Network Connections Discovery", {discovery}},
      {"T1052", "Exfiltration Over Physical Medium", {exfiltration}},
      {"T1053", "Scheduled Task/Job", {execution, persistence, privilege}},
      {"T1055", "Process Injection", {privilege, stealth}},
      {"T1056", "Input Capture", {credentials, collection}},
      {"T1057", "Process Discovery", {discovery}},
      {"T1059", "Command and Scripting Interpreter", {execution}},
      {"T1068", "Exploitation for Privilege Escalation", {privilege}},
      {"T1069", "Permission Groups Discovery", {discovery}},
      {"T1070", "Indicator Removal", {stealth}},
      {"T1071", "Application Layer Protocol", {control}},
      {"T1072", "Software Deployment Tools", {execution, lateral}},
      {"T1074", "Data Staged", {collection}},
      {"T1078", "Valid Accounts", {access, persistence, privilege, stealth}},
      {"T1080", "Taint Shared Content", {lateral}},
      {"T1082", "System Information Discovery", {discovery}},
      {"T1083", "File and Directory Discovery", {discovery}},
      {"T1087", "Account Discovery", {discovery}},
      {"T1090", "Proxy", {control}},
      {"T1091", "Replication Through Removable Media", {access, lateral}},
      {"T1092", "Communication Through Removable Media", {control}},
      {"T1095", "Non-Application Layer Protocol", {control}},
      {"T1098", "Account Manipulation", {persistence, privilege}},
      {"T1102", "Web Service", {control}},
      {"T1104", "Multi-Stage Channels", {control}},
      {"T1105", "Ingress Tool Transfer", {control}},
      {"T1106", "Native API", {execution}},
      {"T1110", "Brute Force", {credentials}},
      {"T1111", "Multi-Factor Authentication Interception", {credentials}},
      {"T1112", "Modify Registry", {impairment, persistence}},
      {"T1113", "Screen Capture", {collection}},
      {"T1114", "Email Collection", {collection}},
      {"T1115", "Clipboard Data", {collection}},
      {"T1119", "Automated Collection", {collection}},
      {"T1120", "Peripheral Device Discovery", {discovery}},
      {"T1123", "Audio Capture", {collection}},
      {"T1124", "System Time Discovery", {discovery}},
      {"T1125", "Video Capture", {collection}},
      {"T1127", "Trusted Developer Utilities Proxy Execution", {stealth}},
      {"T1129", "Shared Modules", {execution}},
      {"T1132", "Data Encoding", {control}},
      {"T1133", "External Remote Services", {access, persistence}},
      {"T1134", "Access Token Manipulation", {privilege, stealth}},
      {"T1135", "Network Share Discovery", {discovery}},
      {"T1136", "Create Account", {persistence}},
      {"T1137", "Office Application Startup", {persistence}},
      {"T1140", "Deobfuscate/Decode Files or Information", {stealth}},
      {"T1176", "Software Extensions", {persistence}},
      {"T1185", "Browser Session Hijacking", {collection}},
      {"T1187", "Forced Authentication", {credentials}},
      {"T1189", "Drive-by Compromise", {access}},
      {"T1190", "Exploit Public-Facing Application", {access}},
      {"T1195", "Supply Chain Compromise", {access}},
      {"T1197", "BITS Jobs", {persistence, stealth}},
      {"T1199", "Trusted Relationship", {access}},
      {"T1200", "Hardware Additions", {access}},
      {"T1201", "Password Policy Discovery", {discovery}},
      {"T1202", "Indirect Command Execution", {stealth}},
      {"T1203", "Exploitation for Client Execution", {execution}},
      {"T1204", "User Execution", {execution}},
      {"T1205", "Traffic Signaling", {persistence, stealth, control}},
      {"T1207", "Rogue Domain Controller", {impairment}},
      {"T1210", "Exploitation of Remote Services", {lateral}},
      {"T1211", "Exploitation for Defense Evasion", {stealth}},
      {"T1212", "Exploitation for Credential Access", {credentials}},
      {"T1213", "Data from Information Repositories", {collection}},
      {"T1216", "System Script Proxy Execution", {stealth}},
      {"T1217", "Browser Information Discovery", {discovery}},
      {"T1218", "System Binary Proxy Execution", {stealth}},
      {"T1219", "Remote Access Tools", {control}},
      {"T1220", "XSL Script Processing", {stealth}},
      {"T1221", "Template Injection", {stealth}},
      {"T1222", "File and Directory Permissions Modification", {impairment}},
      {"T1480", "Execution Guardrails", {stealth}},
      {"T1482", "Domain Trust Discovery", {discovery}},
      {"T1484", "Domain or Tenant Policy Modification", {privilege, impairment}},
      {"T1485", "Data Destruction", {impact}},
      {"T1486", "Data Encrypted for Impact", {impact}},
      {"T1489", "Service Stop", {impact}},
      {"T1490", "Inhibit System Recovery", {impact}},
      {"T1491", "Defacement", {impact}},
      {"T1495", "Firmware Corruption", {impact}},
      {"T1496", "Resource Hijacking", {impact}},
      {"T1497", "Virtualization/Sandbox Evasion", {stealth, discovery}},
      {"T1498", "Network Denial of Service", {impact}},
      {"T1499", "Endpoint Denial of Service", {impact}},
      {"T1505", "Server Software Component", {persistence}},
      {"T1518", "Software Discovery", {discovery}},
      {"T1525", "Implant Internal Image", {persistence}},
      {"T1526", "Cloud Service Discovery", {discovery}},
      {"T1528", "Steal Application Access Token", {credentials}},
      {"T1529", "System Shutdown/Reboot", {impact}},
      {"T1530", "Data from Cloud Storage", {collection}},
      {"T1531", "Account Access Removal", {impact}},
      {"T1534", "Internal Spearphishing", {lateral}},
      {"T1535", "Unused/Unsupported Cloud Regions", {stealth}},
      {"T1537", "Transfer Data to Cloud Account", {exfiltration}},
      {"T1538", "Cloud Service Dashboard", {discovery}},
      {"T1539", "Steal Web Session Cookie", {credentials}},
      {"T1542", "Pre-OS Boot", {persistence, stealth}},
      {"T1543", "Create or Modify System Process", {persistence, privilege}},
      {"T1546", "Event Triggered Execution", {persistence, privilege}},
      {"T1547", "Boot or Logon Autostart Execution", {persistence, privilege}},
      {"T1548", "Abuse Elevation Control Mechanism", {privilege}},
      {"T1550", "Use Alternate Authentication Material", {lateral}},
      {"T1552", "Unsecured Credentials", {credentials}},
      {"T1553", "Subvert Trust Controls", {impairment}},
      {"T1554", "Compromise Host Software Binary", {persistence}},
      {"T1555", "Credentials from Password Stores", {credentials}},
      {"T1556", "Modify Authentication Process", {credentials, impairment, persistence}},
      {"T1557", "Adversary-in-the-Middle", {credentials, collection}},
      {"T1558", "Steal or Forge Kerberos Tickets", {credentials}},
      {"T1559", "Inter-Process Communication", {execution}},
      {"T1560", "Archive Collected Data", {collection}},
      {"T1561", "Disk Wipe", {impact}},
      {"T1563", "Remote Service Session Hijacking", {lateral}},
      {"T1564", "Hide Artifacts", {stealth}},
      {"T1565", "Data Manipulation", {impact}},
      {"T1566", "Phishing", {access}},
      {"T1567", "Exfiltration Over Web Service", {exfiltration}},
      {"T1568", "Dynamic Resolution", {control}},
      {"T1569", "System Services", {execution}},
      {"T1570", "Lateral Tool Transfer", {lateral}},
      {"T1571", "Non-Standard Port", {control}},
      {"T1572", "Protocol Tunneling", {control}},
      {"T1573", "Encrypted Channel", {control}},
      {"T1574", "Hijack Execution Flow", {persistence, privilege, stealth}},
      {"T1578", "Modify Cloud Compute Infrastructure", {impairment}},
      {"T1580", "Cloud Infrastructure Discovery", {discovery}},
      {"T1583", "Acquire Infrastructure", {resources}},
      {"T1584", "Compromise Infrastructure", {resources}},
      {"T1585", "Establish Accounts", {resources}},
      {"T1586", "Compromise Accounts", {resources}},
      {"T1587", "Develop Capabilities", {resources}},
      {"T1588", "Obtain Capabilities", {resources}},
      {"T1589", "Gather Victim Identity Information", {recon}},
      {"T1590", "Gather Victim Network Information", {recon}},
      {"T1591", "Gather Victim Org Information", {recon}},
      {"T1592", "Gather Victim Host Information", {recon}},
      {"T1593", "Search Open Websites/Domains", {recon}},
      {"T1594", "Search Victim-Owned Websites", {recon}},
      {"T1595", "Active Scanning", {recon}},
      {"T1596", "Search Open Technical Databases", {recon}},
      {"T1597", "Search Closed Sources", {recon}},
      {"T1598", "Phishing for Information", {recon}},
      {"T1599", "Network Boundary Bridging", {impairment}},
      {"T1600", "Weaken Encryption", {impairment}},
      {"T1601", "Modify System Image", {impairment}},
      {"T1602", "Data from Configuration Repository", {collection}},
      {"T1606", "Forge Web Credentials", {credentials}},
      {"T1608", "Stage Capabilities", {resources}},
      {"T1609", "Container Administration Command", {execution}},
      {"T1610", "Deploy Container", {execution, stealth}},
      {"T1611", "Escape to Host", {privilege}},
      {"T1612", "Build Image on Host", {stealth}},
      {"T1613", "Container and Resource Discovery", {discovery}},
      {"T1614", "System Location Discovery", {discovery}},
      {"T1615", "Group Policy Discovery", {discovery}},
      {"T1619", "Cloud Storage Object Discovery", {discovery}},
      {"T1620", "Reflective Code Loading", {stealth}},
      {"T1621", "Multi-Factor Authentication Request Generation", {credentials}},
      {"T1622", "Debugger Evasion", {stealth, discovery}},
      {"T1647", "Plist File Modification", {stealth}},
      {"T1648", "Serverless Execution", {execution}},
      {"T1649", "Steal or Forge Authentication Certificates", {credentials}},
      {"T1650", "Acquire Access", {resources}},
      {"T1651", "Cloud Administration Command", {execution}},
      {"T1652", "Device Driver Discovery", {discovery}},
      {"T1653", "Power Settings", {persistence}},
      {"T1654", "Log Enumeration", {discovery}},
      {"T1657", "Financial Theft", {impact}},
      {"T1659", "Content Injection", {access, control}},
      {"T1665", "Hide Infrastructure", {control}},
      {"T1666", "Modify Cloud Resource Hierarchy", {impairment}},
      {"T1667", "Email Bombing", {impact}},
      {"T1668", "Exclusive Control", {persistence}},
      {"T1669", "Wi-Fi Networks", {access}},
      {"T1673", "Virtual Machine Discovery", {discovery}},
      {"T1674", "Input Injection", {execution}},
      {"T1675", "ESXi Administration Command", {execution}},
      {"T1681", "Search Threat Vendor Data", {recon}},
      {"T1684", "Social Engineering", {stealth}},
      {"T1685", "Disable or Modify Tools", {impairment}},
      {"T1686", "Disable or Modify System Firewall", {impairment}},
      {"T1688", "Safe Mode Boot", {impairment}},
      {"T1689", "Downgrade Attack", {impairment}},
      {"T1690", "Prevent Command History Logging", {impairment}},
  };
  return all;
}

// Ids that version 19 gave up, and what rules written before it mean by them; a part before the whole it belonged to.
struct Renamed {
  std::string_view old;
  std::string_view present;
};
constexpr std::array<Renamed, 17> renamed = {{
    {"T1070.001", "T1685.005"},
    {"T1070.002", "T1685.006"},
    {"T1562.001", "T1685"},
    {"T1562.002", "T1685.001"},
    {"T1562.003", "T1690"},
    {"T1562.004", "T1686"},
    {"T1562.006", "T1685"},
    {"T1562.007", "T1686.001"},
    {"T1562.008", "T1685.002"},
    {"T1562.009", "T1688"},
    {"T1562.010", "T1689"},
    {"T1562.012", "T1685.004"},
    {"T1562", "T1685"},
    {"T1656", "T1684.001"},
    {"T1672", "T1684.002"},
    {"T1547.011", "T1647"},
    {"T1574.002", "T1574.001"},
}};

}  // namespace

std::string_view present_id(std::string_view id) {
  const auto found = std::find_if(renamed.begin(), renamed.end(), [&](const Renamed& one) { return one.old == id; });
  if (found != renamed.end()) return found->present;
  return id.starts_with("T1562.") ? std::string_view("T1685") : id;
}

std::span<const Tactic> tactics() {
  return all_tactics;
}

std::span<const Technique> techniques() {
  return table();
}

const Technique* find_technique(std::string_view id) {
  const std::string_view present = present_id(id);
  const std::string_view whole = present.substr(0, present.find('.'));
  for (const Technique& technique : table()) {
    if (technique.id == whole) return &technique;
  }
  return nullptr;
}

}  // namespace luy::finding
