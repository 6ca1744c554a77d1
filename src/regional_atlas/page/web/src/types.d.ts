// The parts of proj4 that have no published types: its core without the projections, and the projections one by one.
declare module "proj4/lib/core" {
  interface Converter {
    forward(point: [number, number]): [number, number];
    inverse(point: [number, number]): [number, number];
  }
  interface Core {
    (from: string, to: string): Converter;
    Proj: { projections: { add(projection: unknown): void } };
  }
  const proj4: Core;
  export default proj4;
}

declare module "proj4/lib/Proj" {
  const Proj: { projections: { add(projection: unknown): void } };
  export default Proj;
}

declare module "proj4/lib/projections/*" {
  const projection: unknown;
  export default projection;
}

declare module "*.css";
