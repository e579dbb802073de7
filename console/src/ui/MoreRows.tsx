// What stands below a list that comes in pages.
import { Button } from 'antd';
import { useLanguage } from '~/i18n';

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function MoreRows({ query }: { query: Pages }) {
  const { t } = useLanguage();
  if (!query.hasNextPage) return null;
  return (
    <p className="table-foot">
      <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('table.more')}
      </Button>
    </p>
  );
}
