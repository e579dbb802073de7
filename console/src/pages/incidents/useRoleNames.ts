// Names of roles as the pack lists them: "Thủ trưởng cơ quan; Văn phòng".
import { useLanguage } from '~/i18n';

export function useRoleNames() {
  const { t } = useLanguage();
  return (roles: readonly string[]) =>
    roles.map((role) => t(`role.${role}` as 'role.staff', { defaultValue: role })).join('; ');
}
