// Taking a list away as a sheet, in either of the two forms that offices open.
import { Button } from 'antd';
import type { Sheet, SheetFormat } from '~/api/types';
import { useLanguage } from '~/i18n';
import { isoDate } from './format';
import { saveSheet } from './sheet';

interface Making {
  isPending: boolean;
  variables: SheetFormat | undefined;
  mutate: (format: SheetFormat, then: { onSuccess: (made: Sheet) => void }) => void;
}

export function SheetButtons({ name, making }: { name: string; making: Making }) {
  const { t } = useLanguage();
  return (['csv', 'xlsx'] as const).map((format) => (
    <Button
      key={format}
      disabled={making.isPending}
      loading={making.isPending && making.variables === format}
      onClick={() =>
        making.mutate(format, {
          onSuccess: (made) => saveSheet(`${name}-${isoDate(new Date())}`, format, made),
        })
      }
    >
      {t(`sheet.export_${format}`)}
    </Button>
  ));
}
