mod lookups;
