// The board's figures as chart options: pure functions, the colours handed in.
import type { EChartsOption } from './echarts';
import { gradeTerm, stateTerm } from '@/stores/law';
import type { Board } from '@/rpc/wire';

export interface Palette {
  font: string;
  ink: string;
  soft: string;
  line: string;
  brand: string;
  red: string;
  amber: string;
  green: string;
}

const FONT = 12;

function frame(palette: Palette): EChartsOption {
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 8, right: 28, top: 8, bottom: 4, containLabel: true },
    textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: FONT },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, confine: true },
  };
}

function valueAxis(palette: Palette) {
  return {
    type: 'value' as const,
    minInterval: 1,
    axisLabel: { color: palette.soft },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

function nameAxis(palette: Palette, data: string[]) {
  return {
    type: 'category' as const,
    data,
    inverse: true,
    // Every name, however low the chart: a bar without one says nothing.
    axisLabel: { color: palette.ink, interval: 0 },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.line } },
  };
}

export function statesOption(board: Board, palette: Palette): EChartsOption {
  return {
    ...frame(palette),
    xAxis: valueAxis(palette),
    yAxis: nameAxis(palette, board.states.map((one) => stateTerm(one.state))),
    series: [
      {
        type: 'bar',
        name: '在办',
        data: board.states.map((one) => one.count),
        barMaxWidth: 18,
        itemStyle: { color: palette.brand },
        label: { show: true, position: 'right', color: palette.ink },
      },
    ],
  };
}

export function regionsOption(board: Board, palette: Palette): EChartsOption {
  const rows = board.regions.filter((one) => one.open > 0 || one.today > 0);
  const series = [
    { name: '正常', color: palette.green, pick: (one: (typeof rows)[number]) => one.open - one.overdue - one.soon },
    { name: '临期', color: palette.amber, pick: (one: (typeof rows)[number]) => one.soon },
    { name: '超期', color: palette.red, pick: (one: (typeof rows)[number]) => one.overdue },
  ];
  return {
    ...frame(palette),
    grid: { left: 8, right: 16, top: 28, bottom: 4, containLabel: true },
    legend: { top: 0, right: 8, textStyle: { color: palette.ink }, itemWidth: 12, itemHeight: 10 },
    xAxis: valueAxis(palette),
    yAxis: nameAxis(palette, rows.map((one) => one.name)),
    series: series.map((one) => ({
      type: 'bar' as const,
      name: one.name,
      stack: 'open',
      barMaxWidth: 18,
      itemStyle: { color: one.color },
      data: rows.map(one.pick),
    })),
  };
}

/** 好差评 of the day, best first; the two bad grades in red. */
export function ratingsOption(board: Board, palette: Palette): EChartsOption {
  const colours = [palette.red, palette.red, palette.amber, palette.green, palette.green];
  const rows = board.ratings.grades
    .map((count, place) => ({ count, term: gradeTerm(place + 1), colour: colours[place] ?? palette.brand }))
    .reverse();
  return {
    ...frame(palette),
    xAxis: valueAxis(palette),
    yAxis: nameAxis(palette, rows.map((one) => one.term)),
    series: [
      {
        type: 'bar',
        name: '评价',
        barMaxWidth: 18,
        data: rows.map((one) => ({ value: one.count, itemStyle: { color: one.colour } })),
        label: { show: true, position: 'right', color: palette.ink },
      },
    ],
  };
}
