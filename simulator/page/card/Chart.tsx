// Owns drawing a chart: loads VChart when the first chart is shown, and the web font before the canvas needs it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { chartFont, chartHeight, drawable, measuredBy, spokenChart, textsIn } from './chart.ts';
import { asObject } from './json.ts';
import { outer } from './layout.ts';
import type { ElementProps } from './session.tsx';

export function ChartElement({ el }: ElementProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'drawn' | 'failed'>('loading');
  const spec = asObject(el.chart_spec) ?? {};
  const [height, setHeight] = useState(220);
  useEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    const phone = window.matchMedia('(max-width: 720px)').matches;
    setHeight(chartHeight(el, box.clientWidth, phone));
    let chart: { release(): void } | undefined;
    let gone = false;
    const draw = async (): Promise<void> => {
      // A canvas does not wait for fonts: what is not loaded now is drawn as boxes and stays so.
      const [{ default: VChart }] = await Promise.all([
        import('@visactor/vchart'),
        document.fonts.load(`14px "${chartFont}"`, textsIn(spec) + measuredBy),
      ]);
      if (gone) return;
      const made = new VChart(drawable(spec, phone) as unknown as ConstructorParameters<typeof VChart>[0], {
        dom: box,
      });
      chart = made;
      made.renderSync();
      setState('drawn');
    };
    draw().catch(() => setState('failed'));
    return () => {
      gone = true;
      chart?.release();
    };
  }, []);
  return (
    <div
      class="chart"
      role="img"
      aria-label={spokenChart(spec)}
      data-state={state}
      style={{ height: `${height}px`, ...outer(el) }}
    >
      <div ref={ref} class="chart-canvas" />
      {state === 'loading' && <div class="chart-note">图表加载中…</div>}
      {state === 'failed' && <div class="chart-note">图表画不出来（200550），请核对图表数据</div>}
    </div>
  );
}
