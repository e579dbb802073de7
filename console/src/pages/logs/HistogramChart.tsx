// Bars over time; a click zooms to a bar. Described in words; the numbers are also in a table for screen readers.
import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Histogram } from '~/api/types';
import { useTheme } from '~/app/theme';
import { palettes } from '~/app/tokens';
import { useLanguage } from '~/i18n';
import { formatDate, formatDateTime, formatNumber } from '~/ui/format';

register([BarChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

const daySeconds = 86_400;

export default function HistogramChart({
  data,
  onZoom,
}: {
  data: Histogram;
  onZoom: (index: number) => void;
}) {
  const { t, language } = useLanguage();
  const { name } = useTheme();
  const frame = useRef<HTMLDivElement>(null);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  useEffect(() => {
    if (!frame.current) return;
    const palette = palettes[name];
    const chart = init(frame.current, null, { renderer: 'svg' });
    const start = Date.parse(data.from);
    const at = (index: number) => new Date(start + index * data.bucket_seconds * 1000);
    const whole = data.bucket_seconds * data.counts.length;
    const label = (index: number) =>
      whole > 2 * daySeconds ? formatDate(at(index)).slice(0, 5) : formatDateTime(at(index)).slice(11);
    chart.setOption({
      animation: false,
      aria: { enabled: true, label: { description: t('logs.histogram_aria') } },
      textStyle: { fontFamily: 'Be Vietnam Pro, sans-serif', color: palette.muted },
      grid: { left: 8, right: 8, top: 8, bottom: 4, containLabel: true },
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        backgroundColor: palette.surface,
        borderColor: palette.line,
        textStyle: { color: palette.text, fontSize: 12 },
        axisPointer: { type: 'shadow' },
        formatter: (points: unknown) => {
          const point = (points as { dataIndex: number; value: number }[])[0];
          if (!point) return '';
          return `${formatDateTime(at(point.dataIndex))} – ${formatDateTime(at(point.dataIndex + 1))}\n${t('logs.lines', { count: point.value, number: formatNumber(point.value, language) })}`;
        },
      },
      xAxis: {
        type: 'category',
        data: data.counts.map((_, index) => label(index)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: palette.line } },
        axisLabel: { color: palette.muted, fontSize: 11, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        splitNumber: 2,
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: {
          color: palette.muted,
          fontSize: 11,
          formatter: (value: number) => formatNumber(value, language),
        },
      },
      series: [
        {
          type: 'bar',
          data: data.counts,
          barCategoryGap: '20%',
          itemStyle: { color: palette.accent },
          cursor: 'zoom-in',
        },
      ],
    });
    chart.on('click', (event) => zoom.current(event.dataIndex as number));
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(frame.current);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [data, name, language, t]);
  return <div ref={frame} className="histogram-space" data-testid="histogram" />;
}
