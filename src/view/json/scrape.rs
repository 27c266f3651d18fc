//! The JSON of `scrape`. The format is told in [`super::document`].

use super::document::{write_document, write_line};
use super::value::{Each, Members, Number, Object, Pairs, Tenths, Time, members};
use crate::exposition::{Family, StoredSample};
use crate::view::answer::{ScrapeAnswer, Scraped};
use crate::view::screen::Screen;
use serde::ser::SerializeMap;
use std::io::{self, Write};

/// Writes the families as one object.
pub(crate) fn write(answer: &ScrapeAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let body = Pairs(|| [("scrapes", Each(|| answer.scrapes.iter().map(Object)))]);
    let odd = (answer.failures.as_slice(), answer.warnings.as_slice());
    write_document(KIND, answer.generated_at, body, odd, screen, out)
}

/// Writes the samples, a line each.
pub(crate) fn write_lines(answer: &ScrapeAnswer, _screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    for scraped in &answer.scrapes {
        for family in scraped.families.iter() {
            for sample in family.samples() {
                write_line(KIND, &Line { scraped, family, sample }, out)?;
            }
        }
    }
    Ok(())
}

const KIND: &str = "scrape";

impl Members for Scraped {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "profile": self.profile, "url": self.url, "scraped_at": Time(self.scraped_at));
        members!(map, "duration_ms": self.duration.map(Tenths));
        members!(map, "families": Each(|| self.families.iter().map(Object)));
        Ok(())
    }
}

impl Members for Family<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "name": self.name, "type": self.kind.as_str(), "help": self.help);
        members!(map, "samples": Each(|| self.samples().map(Object)));
        Ok(())
    }
}

impl Members for StoredSample<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "name": self.name, "labels": Pairs(|| self.labels()), "value": Number(self.value));
        members!(map, "timestamp_ms": self.timestamp_ms);
        Ok(())
    }
}

struct Line<'a> {
    scraped: &'a Scraped,
    family: Family<'a>,
    sample: StoredSample<'a>,
}

impl Members for Line<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Scraped { profile, url, scraped_at, .. } = self.scraped;
        members!(map, "profile": profile, "url": url, "scraped_at": Time(*scraped_at));
        members!(map, "family": self.family.name, "type": self.family.kind.as_str());
        self.sample.members(map)
    }
}
