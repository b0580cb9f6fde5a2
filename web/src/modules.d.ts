// Packages that bring no types of their own.

declare module "cytoscape-dagre";
declare module "*.css";
declare module "@ulb-darmstadt/shacl-form/dist/form-default.js";
