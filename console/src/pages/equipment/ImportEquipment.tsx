// Devices of the register from a sheet.
import { useImportEquipment } from '~/api/equipment';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { SheetImport } from '~/ui/SheetImport';

export default function ImportEquipment() {
  const { t, language } = useLanguage();
  return (
    <SheetImport
      title={t('nav.equipment_import')}
      lead={t('equipment.sheet_lead')}
      to="/equipment"
      register={t('nav.equipment')}
      fields="id,agency,kind,name,model,serial,place,custodian,address,mac,firmware,support_ends_on,note,password_changed_on"
      action="equipment_manage"
      sheet={useImportEquipment()}
      named={[{ key: 'name', title: t('equipment.name'), primary: true, render: (row) => row.name }]}
      sum={(counts) =>
        t('equipment.sheet_sum', {
          create: formatNumber(counts.create, language),
          change: formatNumber(counts.change, language),
          nothing: formatNumber(counts.nothing, language),
          refuse: formatNumber(counts.refuse, language),
        })
      }
    />
  );
}
