// The words of the made-up library: journeys by rail, sea and foot. Nobody here exists.

export const places = [
  'Bergen',
  'Ostend',
  'Lindau',
  'Trieste',
  'Porto',
  'Zermatt',
  'Galway',
  'Gdańsk',
  'Bilbao',
  'Split',
  'Tromsø',
  'Visby',
  'Marseille',
  'Innsbruck',
  'Whitby',
  'Helsinki',
  'Lucerne',
  'Lerwick',
  'Genoa',
  'Rostock',
] as const;

export interface Motif {
  readonly folder: string;
  readonly title: (place: string) => string;
  readonly tags: readonly string[];
  readonly details: string;
}

export const motifs: readonly Motif[] = [
  {
    folder: 'trains',
    title: (place) => `Night Train to ${place}`,
    tags: ['Rail', 'Night'],
    details: 'Eleven hours in a sleeping car, and the lights of stations where nobody gets off.',
  },
  {
    folder: 'harbours',
    title: (place) => `${place} Harbour in Fog`,
    tags: ['Harbour', 'Fog'],
    details: 'Cranes appear and vanish again. The pilot boat leaves at six.',
  },
  {
    folder: 'mountains',
    title: (place) => `Over the Pass from ${place}`,
    tags: ['Mountains', 'Walking'],
    details: 'Two days on foot, with a night in the hut below the saddle.',
  },
  {
    folder: 'trains',
    title: (place) => `Last Steam at ${place}`,
    tags: ['Rail', 'Steam'],
    details: 'The engine shed on its last working day, filmed by those who worked there.',
  },
  {
    folder: 'harbours',
    title: (place) => `The Ferry from ${place}`,
    tags: ['Sea', 'Ferry'],
    details: 'One crossing from the bridge, the engine room and the galley.',
  },
  {
    folder: 'cities',
    title: (place) => `${place} by Tram`,
    tags: ['Rail', 'City'],
    details: 'From one terminus to the other, without a word.',
  },
  {
    folder: 'cities',
    title: (place) => `Market Morning in ${place}`,
    tags: ['City', 'Market'],
    details: 'From the first van at four to the last crate at noon.',
  },
  {
    folder: 'mountains',
    title: (place) => `Snow above ${place}`,
    tags: ['Mountains', 'Snow'],
    details: 'The plough, the avalanche watch and the first skiers.',
  },
  {
    folder: 'harbours',
    title: (place) => `The Lighthouse of ${place}`,
    tags: ['Sea', 'Night'],
    details: 'A keeper shows the lamp that has turned for a hundred years.',
  },
  {
    folder: 'gardens',
    title: (place) => `Garden Paths of ${place}`,
    tags: ['Garden', 'Walking'],
    details: 'Roses & herbs, behind walls that are seldom opened.',
  },
];

export const studios = [
  'Viaduct Pictures',
  'Blue Harbour Films',
  'Northline',
  'Alpenglow',
  'Slow Lens',
] as const;

export const performers = [
  'Ann Bell',
  'Cy Dorn',
  'Mira Okafor',
  'Jonas Lind',
  'Edda Kross',
  'Tomás Vale',
  'Ruth Amsel',
  'Hugo Brandt',
  'Lena Fjord',
  'Paul Oriel',
] as const;

/** Tags that editing adds, beside those of the motifs. */
export const moreTags = ['Favourite', 'Restored', 'Short', 'Summer', 'Rain', 'Archive'] as const;

export const moreDetails = [
  'With a new voice-over by the director.',
  'Restored in 2021 from the only surviving print.',
  'Shown once at a festival and then forgotten for thirty years.',
  'Part of a series of ten.',
] as const;
