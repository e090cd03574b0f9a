mod controls;
mod grades;
mod pieces;
mod plant;
mod races;
mod reports;
mod rules;
