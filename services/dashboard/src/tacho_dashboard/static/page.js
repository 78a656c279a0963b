/** The store and the connection of this page: one of each, which views may import. */

import { Connection } from "./connection.js";
import { Store } from "./store.js";

export const store = new Store();
export const connection = new Connection(store);
