mod pieces;
mod plant;
mod reports;
mod rules;
